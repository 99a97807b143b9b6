package dev.caravan.libraries;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The names that Camel has for its components, languages and data formats, and which of its jars
 * brings each.
 *
 * <p>Read only when something is missing.
 */
public final class CamelNames {
  /** The group of Camel's jars. */
  static final String GROUP = "org.apache.camel";

  /** The catalogue of Kamelets, which has a release of its own for each of Camel's. */
  private static final Coordinates KAMELETS =
      new Coordinates("org.apache.camel.kamelets", "camel-kamelets", null);

  private static final String LIST = "camel-names.txt";

  private final List<Name> names;

  /** What a name stands for. */
  public enum Kind {
    /** What a URI begins with. */
    COMPONENT,
    /** What an expression is written in. */
    LANGUAGE,
    /** What {@code marshal} and {@code unmarshal} take. */
    DATAFORMAT,
    /** Anything else that has a jar of its own. */
    OTHER
  }

  /**
   * A name and the jar that brings it.
   *
   * @param artifact such as {@code camel-sql}
   * @param javaPackage of its classes; empty when there is none to recognise it by
   */
  record Name(Kind kind, String name, String artifact, String javaPackage) {}

  private CamelNames(List<Name> names) {
    this.names = names;
  }

  /** The names of the Camel version that this program is built with. */
  public static CamelNames read() {
    try (InputStream list =
        Objects.requireNonNull(CamelNames.class.getResourceAsStream(LIST), LIST)) {
      return new CamelNames(
          new String(list.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> line.split(" ", -1))
              .map(part -> new Name(Kind.valueOf(part[0]), part[1], part[2], part[3]))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The jar that brings something with this name, such as {@code camel-sql} for the component sql.
   */
  public Optional<String> artifact(Kind kind, String name) {
    return names.stream()
        .filter(each -> each.kind() == kind && each.name().equals(name))
        .map(Name::artifact)
        .findFirst();
  }

  /** The jar of Camel's that has this class. */
  public Optional<String> artifactOfClass(String className) {
    return names.stream()
        .filter(each -> !each.javaPackage().isEmpty())
        .filter(each -> className.startsWith(each.javaPackage() + "."))
        .max(Comparator.comparingInt(each -> each.javaPackage().length()))
        .map(Name::artifact);
  }

  /** Whether a library is released with Camel, under the same version. */
  static boolean isOfCamel(Coordinates library) {
    return library.group().equals(GROUP) || library.isSameLibrary(KAMELETS);
  }

  /**
   * The jar that a word stands for: its own name, with or without camel-, or something it brings.
   */
  public Optional<Coordinates> meantBy(String word) {
    return word.equals("camel-kamelets") || word.equals("kamelets")
        ? Optional.of(KAMELETS)
        : artifactMeantBy(word).map(artifact -> new Coordinates(GROUP, artifact, null));
  }

  private Optional<String> artifactMeantBy(String word) {
    return Stream.<Predicate<Name>>of(
            each -> each.artifact().equals(word),
            each -> each.artifact().equals("camel-" + word),
            each -> each.name().equals(word))
        .flatMap(isMeant -> names.stream().filter(isMeant))
        .map(Name::artifact)
        .findFirst();
  }

  /** What a jar of Camel's brings, such as http and https. */
  public List<String> broughtBy(String artifact) {
    return names.stream()
        .filter(each -> each.artifact().equals(artifact) && each.kind() != Kind.OTHER)
        .map(Name::name)
        .distinct()
        .sorted()
        .toList();
  }

  /** Every name of a kind. */
  public Stream<String> names(Kind kind) {
    return names.stream().filter(each -> each.kind() == kind).map(Name::name);
  }

  /** The name of every jar. */
  public Stream<String> artifacts() {
    return names.stream().map(Name::artifact).distinct();
  }
}
