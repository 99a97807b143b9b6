package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.DeliveryQueryContract;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import java.nio.file.Path;

/** How deliveries are found, in the shared engine. */
class PostgresQueryTest extends DeliveryQueryContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }
}
