package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Attempt;
import dev.caravan.log.Dedupe;
import dev.caravan.log.Delivery;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.RetentionContract;
import dev.caravan.log.tables.PositionList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What goes after its time in the embedded engine. */
class RetentionTest extends RetentionContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }

  private SqliteDeliveryLog sqlite() {
    return ((SqliteLogUnderTest) engine).log();
  }

  /** As `faketime +10d` or a machine without a battery has it. */
  @Test
  void aClockThatIsTenDaysAheadAtTheStartDeletesNothingAndIsSaid() {
    Delivery kept = append(push("acme/rocket"));
    Retention retention = new Retention(Retention.SHORTEST_AGE, Retention.SMALLEST_SIZE);
    AtomicInteger looks = new AtomicInteger();
    InstantSource ahead =
        () -> {
          looks.incrementAndGet();
          return Instant.now().plus(Duration.ofDays(10));
        };
    try (Sweeper sweeper = sqlite().sweeper(retention, ahead, Instant.now())) {
      sweeper.start(Duration.ofMillis(5));
      await().until(() -> looks.get() > 10);
    }
    assertThat(log.history().find(kept.guid())).isPresent();
    assertThat(lines.lines())
        .singleElement()
        .asString()
        .startsWith("WARN The clock says ")
        .contains(" 10 days after the newest delivery")
        .contains("retention deletes nothing");
  }

  @Test
  void theCursorPassesWhatExpired() throws Exception {
    List<Attempt> held = new CopyOnWriteArrayList<>();
    log.subscribe(log.wanted("stuck", "push").concurrency(1).settings(), held::add);
    for (int index = 0; index < 20; index++) {
      append(push("acme/rocket"));
    }
    await().until(() -> held.size() == 1);

    afterDays(7);
    engine.sweep();
    log.restart();

    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT next, unfinished FROM subscription")) {
      assertThat(row.getLong(1)).isEqualTo(21);
      assertThat(PositionList.decode(row.getBytes(2))).isEmpty(); // it is a dead letter
    }
  }

  @Test
  void theDiskIsGivenBack() throws Exception {
    for (int index = 0; index < 20; index++) {
      append(large());
    }
    log.restart(); // so that all of it is in the file
    long before = Files.size(data.resolve("log.db"));
    afterDays(9);

    engine.sweep();
    log.restart();

    assertThat(Files.size(data.resolve("log.db"))).isLessThan(before / 4);
  }
}
