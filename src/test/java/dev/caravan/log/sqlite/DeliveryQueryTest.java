package dev.caravan.log.sqlite;

import dev.caravan.log.Dedupe;
import dev.caravan.log.DeliveryQueryContract;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import java.nio.file.Path;

/** How deliveries are found in the embedded engine. */
class DeliveryQueryTest extends DeliveryQueryContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }
}
