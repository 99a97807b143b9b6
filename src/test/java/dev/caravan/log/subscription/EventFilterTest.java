package dev.caravan.log.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          acme/rocket                  | acme/rocket | true
          acme/rocket                  | acme/web    | false
          acme/rocket,acme/web         | acme/web    | true
          acme/rocket , acme/web       | acme/web    | true
          acme/rocket,acme/web         | acme/api    | false
          acme                         | acme/web    | true
          acme                         | acmes/web   | false
          acme                         | other/acme  | false
          acme/*                       | acme/web    | true
          acme/web-*                   | acme/web-1  | true
          acme/web-?                   | acme/web-12 | false
          ACME/Web                     | acme/web    | true
          acme/web                     | ACME/WEB    | true
          *                            | acme/web    | true
          */web                        | acme/web    | true
          acme,!acme/noisy             | acme/web    | true
          acme,!acme/noisy             | acme/noisy  | false
          !acme/noisy,acme             | acme/noisy  | false
          !acme/noisy                  | acme/web    | true
          !acme/noisy                  | acme/noisy  | false
          !acme                        | acme/web    | false
          acme                         |             | false
          !acme                        |             | true
          """)
  void repositoriesAreAListWithExclusions(String repository, String name, boolean wanted) {
    assertThat(EventFilter.parse("*", repository).wants("push", null, name)).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "acme/web,",
        "!",
        "acme/web/src",
        "/web",
        "acme/",
        "https://github.com/acme/web",
        "acme web",
        "acme/web acme/api",
        "acme/*,!acme/*",
        "acme,!acme/*"
      })
  void whatCanMatchNoRepositoryIsRefused(String repository) {
    assertThatThrownBy(() -> EventFilter.parse("*", repository))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("repository ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          main          | main           | true
          main          | mains          | false
          release/*     | release/1      | true
          release/*     | release/1/2    | false
          release/**    | release/1/2    | true
          feature/**    | feature        | false
          **            | a/b/c          | true
          **/README.md  | README.md      | true
          **/README.md  | a/b/README.md  | true
          **/README.md  | a/OLDREADME.md | false
          src/**/*.java | src/A.java     | true
          src/**/*.java | src/a/b/A.java | true
          src/**/*.java | src/a/b/A.c    | false
          *.md          | a/b.md         | false
          **.md         | a/b.md         | true
          a.c           | abc            | false
          a+b           | aab            | false
          """)
  void aGlobKnowsParts(String pattern, String name, boolean matches) {
    assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void aHostileNameTakesNoLongerThanAnother() {
    Glob glob = new Glob("*a*a*a*a*a*a*a*a*a*a*b");

    assertTimeoutPreemptively(
        Duration.ofSeconds(2), () -> assertThat(glob.matches("a".repeat(4096))).isFalse());
  }
}
