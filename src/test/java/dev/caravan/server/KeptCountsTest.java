package dev.caravan.server;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts of what is taken, refused and given up go on over a restart. */
class KeptCountsTest {
  private static final String DEAD =
      "caravan_subscription_dead_lettered_by_error_total{error=\"IllegalStateException\",subscription=\"ci\"}";

  @TempDir Path directory;

  @Test
  void whatIsLostOrGivenUpIsCountedOverARestart() {
    try (Site site = site().start()) {
      site.post("push", "1", "{}");
      site.post("push", "2", "{}", "another secret");
      await().until(() -> scrape(site).samples().containsKey(DEAD));
    }
    try (Site site = site().start()) {
      site.post("push", "3", "{}");
      await().until(() -> scrape(site).value(DEAD) == 2);
      assertThat(scrape(site).value("caravan_accepted_total")).isEqualTo(2);
      assertThat(scrape(site).value("caravan_refused_total{reason=\"signature\"}")).isEqualTo(1);
      assertThat(
              scrape(site).value("caravan_subscription_dead_lettered_total{subscription=\"ci\"}"))
          .isEqualTo(2);
    }
  }

  @Test
  void nothingThatAScrapeHasShownIsTakenBackByACrash() throws IOException {
    Path copy = directory.resolve("as a crash leaves it");
    try (Site site = site().start()) {
      site.post("push", "1", "{}");
      site.post("push", "2", "{}", "another secret");
      await().until(() -> scrape(site).samples().containsKey(DEAD));
      Files.createDirectories(copy.resolve("data"));
      for (String file : List.of("counts", "secret-use")) {
        Files.copy(site.data().resolve(file), copy.resolve("data").resolve(file));
      }
    }
    try (Site site = new Site(copy).start()) {
      Scrape after = scrape(site);
      assertThat(after.value("caravan_accepted_total")).isEqualTo(1);
      assertThat(after.value("caravan_refused_total{reason=\"signature\"}")).isEqualTo(1);
      assertThat(after.value(DEAD)).isEqualTo(1);
      assertThat(after.value("caravan_secret_verified_total{secret=\"test\"}")).isEqualTo(1);
    }
  }

  @Test
  void aFileThatCannotBeReadBeginsAnewAndHoldsNothingUp() throws IOException {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/counts"), "accepted=many");
    try (Site site = site().start()) {
      site.post("push", "1", "{}");
      assertThat(scrape(site).value("caravan_accepted_total")).isEqualTo(1);
    }
  }

  @Test
  void aCountThatLacksItsKindOfErrorIsLeftOut() throws IOException {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/counts"), "accepted=3\ndead-lettered/ci=1\n");
    try (Site site = site().start()) {
      site.post("push", "1", "{}");
      assertThat(scrape(site).value("caravan_accepted_total")).isEqualTo(4);
    }
  }

  @Test
  void overAllRestartsTwentyKindsOfErrorsAreToldApartAndTheRestIsOther() throws IOException {
    Files.createDirectories(directory.resolve("data"));
    String kinds =
        IntStream.range(0, 20)
            .mapToObj("dead-lettered/ci/Error%d=1\n"::formatted)
            .collect(joining());
    Files.writeString(directory.resolve("data/counts"), kinds);
    for (int run = 1; run <= 2; run++) {
      try (Site site = site().start()) {
        site.post("push", String.valueOf(run), "{}");
        double given = run;
        await()
            .until(
                () ->
                    given
                        == scrape(site)
                            .samples()
                            .getOrDefault(DEAD.replace("IllegalStateException", "other"), 0.0));
        assertThat(scrape(site).samples()).doesNotContainKey(DEAD);
        assertThat(scrape(site).value(DEAD.replace("IllegalStateException", "Error7")))
            .isEqualTo(1);
      }
    }
  }

  private Site site() {
    return new Site(directory)
        .route(
            "ci.camel.yaml",
            Site.route(
                "ci",
                "push",
                "throwException: { exceptionType: java.lang.IllegalStateException, message: no }"));
  }

  private static Scrape scrape(Site site) {
    return Scrape.of(site.get("/observe/metrics").body());
  }
}
