package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.reading.DictionaryTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PostgresDictionaryTest {
  @Test
  void whatDeliveriesHaveInCommonIsLearnedAndEveryNodeReadsWhatTakesIt() {
    PostgresLogUnderTest engine = new PostgresLogUnderTest(TestLog.OPTIONS);
    try (TestLog log = new TestLog(engine);
        PostgresDeliveryLog other =
            PostgresDeliveryLog.open(engine.place("other"), TestLog.OPTIONS)) {
      List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
      for (int index = 0; index < DictionaryTraining.FIRST_AFTER + 100; index++) {
        receipts.add(log.log().append(push("acme/" + index)));
      }
      CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).join();
      await().until(() -> engine.count("dictionary") == 1);
      await()
          .until(
              () -> {
                Delivery with = push("acme/rocket");
                log.append(with);
                assertThat(Kept.delivery(other.history(), with.guid()))
                    .get()
                    .extracting(Delivery::body)
                    .isEqualTo(with.body());
                return engine.number("SELECT count(*) FROM content WHERE dictionary IS NOT NULL")
                    > 0;
              });
    }
  }
}
