package dev.caravan.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.Kept;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Receipt;
import dev.caravan.log.RepeatsContract;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliverySummary;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is the same delivery, in the shared engine. */
class PostgresRepeatsTest extends RepeatsContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }

  @Test
  void aRepeatThatCouldNotBeMadeToRunAtOnceIsCountedOnce() {
    PostgresLogUnderTest tables = (PostgresLogUnderTest) engine;
    Delivery first = TestLog.push("acme/rocket");
    log.append(first);
    Delivery repeat = first.with(first.receivedAt().plusSeconds(60));
    tables.execute("ALTER TABLE completed RENAME TO elsewhere");
    CompletableFuture<Receipt> receipt = log.log().append(repeat);
    try {
      await().until(() -> log.figures().failedFlushes() > 2);
    } finally {
      tables.execute("ALTER TABLE elsewhere RENAME TO completed");
    }
    receipt.join();

    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::repeats)
        .containsExactly(1);
    assertThat(log.figures().repeats()).isOne();
  }
}
