package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets the clock back by a day, under the running program and between two runs. */
class ClockTest {
  private static final Path LIBRARY =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void aClockSetBackByADayDelaysNoRetryByMoreThanThePauseAndKeepsTheOrder() throws IOException {
    assumeTrue(Files.exists(LIBRARY), "libfaketime is not installed (apt-get install faketime)");
    Path clock = directory.resolve("clock");
    Files.writeString(clock, "+0d");
    try (Destination destination = new Destination()) {
      Site site =
          new Site(directory)
              .route("ci", destination.route("ci", "*", "retryDelay: 3s, retryMaxDelay: 3s", 0))
              .under(
                  "env",
                  "LD_PRELOAD=" + LIBRARY,
                  "FAKETIME_TIMESTAMP_FILE=" + clock,
                  "FAKETIME_CACHE_DURATION=1",
                  "FAKETIME_DONT_FAKE_MONOTONIC=1",
                  "FAKETIME_FORCE_MONOTONIC_FIX=0"); // with it, a Java machine hangs at its start
      Arrivals arrivals = destination.at("ci");
      destination.down(true);
      try (CaravanProcess caravan = site.startReady()) {
        Client client = new Client(caravan);
        send(client, 1);
        await().until(() -> arrivals.attempts() == 1);
        Files.writeString(clock, "-1d");
        send(client, 2);
        await().atMost(SOON).until(() -> arrivals.attempts() >= 4);
        caravan.kill();
      }
      Files.writeString(clock, "-2d");
      destination.down(false);
      try (CaravanProcess caravan = site.startReady()) {
        send(new Client(caravan), 3);
        await().atMost(SOON).until(() -> arrivals.completed() == 3);
      }
      assertThat(arrivals.firstAttempts().get(1)).containsExactly(1, 2, 3);
    }
  }

  private static void send(Client client, int number) {
    assertThat(client.send(SignedPush.of(1, number)).statusCode()).isEqualTo(202);
  }
}
