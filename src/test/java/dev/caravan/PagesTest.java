package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.SettingSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages name is there, as far as it can be looked up. */
class PagesTest {
  /** Named like settings: a file, attributes in traces, and a unit of systemd's. */
  private static final Set<String> NO_SETTINGS =
      Set.of("caravan.jar", "caravan.subscription", "caravan.attempt", "caravan.socket");

  @Test
  void theLinksLeadSomewhere() throws IOException {
    for (Map.Entry<Path, String> page : pages().entrySet()) {
      assertThat(found("\\]\\(((?!http)[^)]+)\\)", page.getValue()))
          .allSatisfy(
              link ->
                  assertThat(isThere(page.getKey(), link))
                      .as(page.getKey() + ": " + link)
                      .isTrue());
    }
  }

  @Test
  void theSettingsExist() throws IOException {
    Set<String> known = new HashSet<>(NO_SETTINGS);
    known.addAll(new SettingSources(Map.of()).read(null, Map.of()).all().keySet());

    assertEach("`(caravan\\.[a-z0-9.-]*[a-z0-9])`", known);
  }

  @Test
  void theTestsExist() throws IOException {
    Set<String> known = new HashSet<>(Set.of("CamelMainTest")); // Camel's own
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      files.map(file -> file.getFileName().toString().replace(".java", "")).forEach(known::add);
    }

    assertEach("\\b([A-Z]\\w+(?:Test|IT))\\b", known);
  }

  @Test
  void theMetricsExist() throws IOException {
    Set<String> known = new HashSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/caravan/metrics"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        for (String name : found("\"(caravan_\\w+)\"", Files.readString(file))) {
          known.addAll(List.of(name, name + "_total", name + "_count"));
        }
      }
    }

    assertEach("`(caravan_[a-z_]+)[`{]", known);
  }

  @Test
  void noCommentFollowsAValueWhichItWouldBelongTo() throws IOException {
    for (Map.Entry<Path, String> page : pages().entrySet()) {
      assertThat(
              found(
                  "(?m)^ +((?:[a-z][\\w-]*\\.[\\w.-]+ ?|[A-Z][a-z]\\w+)=.* #.*)", page.getValue()))
          .as(page.getKey().toString())
          .isEmpty();
    }
  }

  private static void assertEach(String regex, Set<String> known) throws IOException {
    for (Map.Entry<Path, String> page : pages().entrySet()) {
      assertThat(found(regex, page.getValue())).as(page.getKey().toString()).isSubsetOf(known);
    }
  }

  private static boolean isThere(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(file)
        && (parts.length == 1
            || !file.toString().endsWith(".md")
            || headings(file).contains(parts[1]));
  }

  /** As GitHub names them in a link. */
  private static Set<String> headings(Path page) throws IOException {
    return found("(?m)^#+ (.*)$", Files.readString(page)).stream()
        .map(
            heading ->
                heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** The pages for users, by name; a decision may speak of what is yet to come. */
  private static Map<Path, String> pages() throws IOException {
    Map<Path, String> pages = new TreeMap<>();
    for (Path directory : List.of(Path.of(""), Path.of("docs"))) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path page : (Iterable<Path>) files::iterator) {
          if (page.toString().endsWith(".md") && !page.endsWith("CHANGELOG.md")) {
            pages.put(page, Files.readString(page));
          }
        }
      }
    }
    return pages;
  }

  private static List<String> found(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(PagesTest::firstGroup).toList();
  }

  private static String firstGroup(MatchResult match) {
    return match.group(1);
  }
}
