package dev.caravan.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * What the jar says of the libraries it carries. The build itself refuses a licence that is not
 * allowed.
 */
class LicencesIT {
  private static final Pattern LIBRARY =
      Pattern.compile("\\s+((?:\\([^()]*\\) )+).* \\([^:()]+:([^:]+):[^()]+\\)");

  /** The first two are there once for all, the others ask for nothing. */
  private static final List<String> WITHOUT_A_TEXT_OF_THEIR_OWN =
      List.of("(Apache-2.0)", "(EPL-2.0)", "(CC0-1.0)", "(0BSD)");

  @Test
  void itNamesEachLibraryAndHasTheTextOfEachLicenceThatAsksForIt() throws IOException {
    try (ZipFile jar = new ZipFile("target/caravan.jar")) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();
      List<String> libraries =
          text(jar, "META-INF/THIRD-PARTY.txt")
              .lines()
              .filter(line -> line.contains(" - "))
              .toList();

      assertThat(libraries)
          .hasSizeGreaterThan(100)
          .allMatch(line -> LIBRARY.matcher(line).matches());
      assertThat(libraries.stream().flatMap(LicencesIT::wantsText))
          .hasSizeGreaterThan(6)
          .allSatisfy(
              library ->
                  assertThat(names)
                      .as("The text of the licence of " + library)
                      .anyMatch(
                          name ->
                              name.matches(
                                  "META-INF/(licenses|resources/webjars)/%s(-jar)?/.*LICENSE.*"
                                      .formatted(Pattern.quote(library)))));
    }
  }

  @Test
  void itHasItsOwnLicenceAndTheNoticesOfAllLibraries() throws IOException {
    try (ZipFile jar = new ZipFile("target/caravan.jar")) {
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
      assertThat(text(jar, "META-INF/NOTICE"))
          .contains("Apache Camel", "Jackson", "The Netty Project");
      assertThat(text(jar, "META-INF/licenses/EPL-2.0.txt")).contains("Eclipse Public License");
    }
  }

  private static Stream<String> wantsText(String line) {
    Matcher library = LIBRARY.matcher(line);
    return library.matches()
            && WITHOUT_A_TEXT_OF_THEIR_OWN.stream().noneMatch(library.group(1)::contains)
        ? Stream.of(library.group(2))
        : Stream.empty();
  }

  private static String text(ZipFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    assertThat(entry).as(name).isNotNull();
    return new String(jar.getInputStream(entry).readAllBytes(), UTF_8);
  }
}
