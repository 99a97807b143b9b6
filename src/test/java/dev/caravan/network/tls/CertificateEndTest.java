package dev.caravan.network.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.webhook.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateEndTest {
  private static final TlsFiles FILES =
      new TlsFiles("caravan.tls", Path.of("tls.crt"), Path.of("tls.key"));
  private static final Instant END = Instant.parse("2026-06-30T00:00:00Z");

  private final CertificateEnd ending = new CertificateEnd(FILES, END);

  @Test
  void theEndIsLoggedWeeklyInTheLastMonthAndDailyFromTheLastWeekOn() {
    assertThat(saidFrom(60, 30.1)).isEmpty();
    assertThat(saidFrom(30, 7.1)).hasSize(4).allMatch(line -> line.startsWith("WARN"));
    assertThat(saidFrom(7, 0.1)).hasSize(7).allMatch(line -> line.startsWith("WARN"));
    assertThat(saidFrom(-0.1, -3))
        .hasSize(3)
        .allMatch(line -> line.startsWith("ERROR") && line.contains("ended on " + END));
  }

  @Test
  void theEndOfANewCertificateIsLoggedAnew() {
    assertThat(saidFrom(2, 1.9)).hasSize(1);

    ending.is(END.plusSeconds(3600));
    assertThat(saidFrom(1.8, 1.7)).hasSize(1).allMatch(line -> line.contains("T01:00:00Z"));
    ending.is(END.plus(Duration.ofDays(90)));
    assertThat(saidFrom(1.6, 0)).isEmpty();
  }

  @Test
  void aClockThatWasWrongForAWhileDoesNotKeepTheEndFromBeingLogged() {
    assertThat(saidFrom(-300, -300)).hasSize(1);

    assertThat(saidFrom(5, 5)).hasSize(1);
  }

  /** Looks every half hour, from some days before the end to others. */
  private List<String> saidFrom(double first, double last) {
    try (CapturedLog log = new CapturedLog("dev.caravan.network.tls")) {
      for (double days = first; days >= last; days -= 1.0 / 48) {
        ending.sayWhenNear(END.minusMillis((long) (days * 86_400_000)));
      }
      return log.lines();
    }
  }
}
