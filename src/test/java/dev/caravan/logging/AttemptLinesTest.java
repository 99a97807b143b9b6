package dev.caravan.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.logging.AttemptLines.Line;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log lines that are kept of attempts. */
class AttemptLinesTest {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.testing.routes");
  private static final LinesAbout FIRST = lines("first", 1);

  private static LinesAbout lines(String subscription, int number) {
    return new LinesAbout("g-1", "push", null, LinesAbout.attempt("7", subscription, number), null);
  }

  @Test
  void anAttemptHasItsOwnLinesAndNoOthers() {
    try (AttemptLines kept = AttemptLines.begin()) {
      FIRST.during(() -> LOG.info("of the first\u001b"));
      lines("second", 1).during(() -> LOG.warn("of the second", new IllegalStateException("no")));
      LOG.info("of none");

      assertThat(of(kept, "first").text()).isEqualTo("of the first\\u001b");
      assertThat(of(kept, "first").logger()).isEqualTo("routes");
      assertThat(of(kept, "second").text()).contains("of the second").contains("no");
      assertThat(of(kept, "second").level()).isEqualTo("WARN");
    }
  }

  @Test
  void theOldestLinesMakeRoomAndThatIsReported() {
    try (AttemptLines kept = AttemptLines.begin()) {
      Instant began = kept.keptSince();
      for (int number = 1; number <= 600; number++) {
        String line = number + "=".repeat(2500);
        lines("many", number).during(() -> LOG.info(line));
      }

      assertThat(kept.keptSince()).isAfter(began);
      assertThat(kept.of("g-1", "7/1/many", Instant.MIN, Instant.MAX)).isEmpty();
      assertThat(kept.of("g-1", "7/600/many", Instant.MIN, Instant.MAX))
          .singleElement()
          .satisfies(line -> assertThat(line.text()).hasSizeLessThan(2100));
    }
  }

  @Test
  void aLineCutInAPasswordShowsNoPartOfIt() {
    try (AttemptLines kept = AttemptLines.begin()) {
      String before = "=".repeat(1980) + " http://";
      FIRST.during(() -> LOG.info(before + "me:hunter2hunter2hunter2@example.org/"));

      assertThat(of(kept, "first").text()).startsWith(before + "***@").doesNotContain("hunter");
    }
  }

  @Test
  void nothingIsKeptOnceItIsClosed() {
    AttemptLines kept = AttemptLines.begin();
    kept.close();
    FIRST.during(() -> LOG.info("too late"));

    assertThat(kept.of("g-1", "7/1/first", Instant.MIN, Instant.MAX)).isEmpty();
  }

  private static Line of(AttemptLines kept, String subscription) {
    return kept.of("g-1", LinesAbout.attempt("7", subscription, 1), Instant.MIN, Instant.MAX)
        .get(0);
  }
}
