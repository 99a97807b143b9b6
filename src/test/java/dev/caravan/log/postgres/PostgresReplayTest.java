package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.ReplayContract;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.TestLog.Recorder;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PostgresReplayTest extends ReplayContract {
  private static final LogOptions OPTIONS =
      TestLog.options(Dedupe.GUID, new Retention(Duration.ofDays(7), Retention.SMALLEST_SIZE));

  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }

  @Test
  void whatIsDueAtTheSameMomentRunsInTheOrderInWhichItCame() {
    PostgresServer server = PostgresServer.shared();
    String schema = server.newSchema();
    PostgresPlace place =
        new PostgresPlace(server.url(), "", schema, "node", Duration.ofSeconds(5));
    List<String> guids = IntStream.range(0, 50).mapToObj(index -> "d" + index).toList();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      try (PostgresDeliveryLog log = PostgresDeliveryLog.open(place, OPTIONS)) {
        Recorder first = new Recorder();
        log.subscribe(TestLog.wanted("ci", "*", executor).settings(), first);
        guids.forEach(guid -> log.append(delivery(guid, "push", null, "a/b", "{}")).join());
        await().until(() -> first.guids.size() == guids.size());
      }
      server.executeIn(
          "caravan",
          """
          INSERT INTO %1$s.due (subscription, position, attempts, due_at, shard)
          SELECT s.id, d.position, 0, 1, d.shard FROM %1$s.delivery d, %1$s.subscription s
          ORDER BY d.position DESC"""
              .formatted(schema));
      try (PostgresDeliveryLog log = PostgresDeliveryLog.open(place, OPTIONS)) {
        Recorder again = new Recorder();
        log.subscribe(TestLog.wanted("ci", "*", executor).settings(), again);
        await().until(() -> again.guids.size() == guids.size());
        assertThat(again.guids).isEqualTo(guids);
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
