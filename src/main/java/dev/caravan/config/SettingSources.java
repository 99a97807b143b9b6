package dev.caravan.config;

import dev.caravan.wording.NearNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@link Settings} together from the places a value can come from: command line, environment,
 * the file of the user's profile, the user's file, the defaults in the jar; the first that has a
 * value wins.
 */
public final class SettingSources {
  /** Read once: settings are read again twice a second, to notice changed secrets. */
  private static final Map<String, String> DEFAULTS =
      defaults("/dev/caravan/defaults/application.properties");

  private static final Pattern LABELLED_KEY =
      Pattern.compile("caravan\\.secrets\\.[A-Za-z0-9][A-Za-z0-9._-]{0,72}");

  private static final Map<String, String> OWN_NAMES =
      Map.of(
          "GITHUB_WEBHOOK_SECRET", "caravan.secret",
          "GITHUB_WEBHOOK_SECRET_FILE", "caravan.secret.file");

  private static final String PROFILE = "camel.main.profile";

  private static final Pattern OURS = Pattern.compile("(CARAVAN|CAMEL|GITHUB_WEBHOOK)_.*");

  /** Names the settings file of an installed program, whatever directory a command is run in. */
  public static final String CONFIG = "CARAVAN_CONFIG";

  private static final Set<String> OF_THE_LAUNCHER = Set.of("CARAVAN_JAVA_OPTIONS", CONFIG);

  /** What it sets in every container beside a service of that name. */
  private static final Pattern OF_KUBERNETES =
      Pattern.compile("CARAVAN(_\\w+)?_(SERVICE_(HOST|PORT)\\w*|PORT(_\\d+_\\w+)?)|CARAVAN_PORT");

  private final Map<String, String> environment;

  /**
   * @param environment an empty variable counts as missing
   */
  public SettingSources(Map<String, String> environment) {
    Map<String, String> set = new HashMap<>(environment);
    set.values().removeIf(String::isBlank);
    this.environment = Map.copyOf(set);
  }

  /**
   * Reads the sources.
   *
   * @param file the user's {@code application.properties}, or null when there is none
   * @param commandLine what was said with options and {@code --set}, by key
   * @throws InvalidSettingException for a key of ours that does not exist, and for a file or a
   *     variable that cannot be read as it is meant
   */
  public Settings read(@Nullable Path file, Map<String, String> commandLine) {
    Map<String, String> values = new HashMap<>(DEFAULTS);
    if (file != null) {
      Map<String, String> own = PropertiesFile.read(file);
      refuseUnknown(own.keySet(), DEFAULTS.keySet(), file.toString());
      values.putAll(own);
      ofProfile(file, profile(own, commandLine))
          .forEach(
              (profiled, more) -> {
                refuseUnknown(more.keySet(), DEFAULTS.keySet(), profiled.toString());
                values.putAll(more);
              });
    }
    refuseUnknown(commandLine.keySet(), DEFAULTS.keySet(), "--set");
    Set<String> known = new TreeSet<>(values.keySet());
    known.addAll(commandLine.keySet());
    values.putAll(fromEnvironment(known));
    values.putAll(commandLine);
    return new Settings(values);
  }

  /** What camel.main.profile says; null without one. */
  private @Nullable String profile(Map<String, String> own, Map<String, String> commandLine) {
    String environments = environment.get(EnvironmentNames.of(PROFILE));
    String ofFile = environments == null ? own.get(PROFILE) : environments;
    String profile = commandLine.getOrDefault(PROFILE, ofFile);
    if (profile != null && !profile.matches("[A-Za-z0-9_-]*")) {
      throw new InvalidSettingException(
          PROFILE + " is not a name: it has characters other than letters, digits, - and _.");
    }
    return profile == null || profile.isBlank() ? null : profile;
  }

  /**
   * The settings file of a profile beside the other, as application-dev.properties, if there is
   * one.
   */
  private static Map<Path, Map<String, String>> ofProfile(Path file, @Nullable String profile) {
    String name = String.valueOf(file.getFileName());
    int end = name.lastIndexOf('.');
    if (profile == null || end < 0) {
      return Map.of();
    }
    Path profiled =
        file.resolveSibling(name.substring(0, end) + "-" + profile + name.substring(end));
    return Files.isRegularFile(profiled)
        ? Map.of(profiled, PropertiesFile.read(profiled))
        : Map.of();
  }

  /**
   * The environment variables that look like settings but are not, sorted. Not refused: a service
   * called caravan in Kubernetes, or another program of Camel's, brings some of its own.
   *
   * @param settings as they were read from here
   */
  public List<String> unread(Settings settings) {
    Set<String> read = new HashSet<>(OWN_NAMES.keySet());
    read.addAll(OF_THE_LAUNCHER);
    settings.all().keySet().forEach(key -> read.add(EnvironmentNames.of(key)));
    return environment.keySet().stream()
        .filter(name -> name.startsWith("CARAVAN_") || name.startsWith("CAMEL_"))
        .filter(name -> !read.contains(name) && !EnvironmentNames.isLabelled(name))
        .filter(name -> !OF_KUBERNETES.matcher(name).matches())
        .sorted()
        .toList();
  }

  /**
   * Which settings may be shown to those who observe the program: the keys in the shipped file,
   * except secrets. A key of a user's own may hold a password under any name.
   */
  public static Map<String, String> shown(Settings settings) {
    Map<String, String> shown = new TreeMap<>();
    for (String key : DEFAULTS.keySet()) {
      if (!SecretKeys.include(key)) {
        shown.put(key, WithoutCredentials.of(settings.text(key)));
      }
    }
    return shown;
  }

  private Map<String, String> fromEnvironment(Set<String> known) {
    Map<String, String> values = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          refuseUnreadable(name, value);
          if (name.startsWith("CAMEL_") && CamelGroups.mayRead(EnvironmentNames.camelKey(name))) {
            values.put(EnvironmentNames.camelKey(name), value);
          } else if (EnvironmentNames.isLabelled(name)) {
            values.put(EnvironmentNames.labelledKey(name), value);
          }
        });
    for (String key : known) {
      String value = environment.get(EnvironmentNames.of(key));
      if (value != null) {
        values.remove(EnvironmentNames.camelKey(EnvironmentNames.of(key)));
        values.remove(EnvironmentNames.labelledKey(EnvironmentNames.of(key)));
        values.put(key, value);
      }
    }
    OWN_NAMES.forEach(
        (name, key) -> {
          if (environment.containsKey(name)) {
            values.put(key, environment.get(name));
          }
        });
    return values;
  }

  private static void refuseUnreadable(String name, String value) {
    if (value.indexOf('\uFFFD') >= 0 && OURS.matcher(name).matches()) {
      throw new InvalidSettingException(
          "%s, in the environment, has characters that are not UTF-8 or that the locale cannot express. Set LC_ALL=C.UTF-8, or put the value into a file."
              .formatted(name));
    }
  }

  private static void refuseUnknown(Set<String> keys, Set<String> known, String where) {
    for (String key : keys) {
      if (key.startsWith("caravan.")
          && !known.contains(key)
          && !LABELLED_KEY.matcher(key).matches()) {
        List<String> ours = known.stream().filter(k -> k.startsWith("caravan.")).sorted().toList();
        List<String> near = NearNames.of(key, ours.stream());
        throw new InvalidSettingException(
            "%s, in %s, is not a setting. %s"
                .formatted(
                    key,
                    where,
                    near.isEmpty()
                        ? "Known settings: " + String.join(", ", ours) + "."
                        : "Did you mean " + String.join(" or ", near) + "?"));
      }
    }
  }

  private static Map<String, String> defaults(String resource) {
    try (InputStream stream = SettingSources.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("The jar lacks " + resource);
      }
      return Map.copyOf(
          PropertiesFile.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
