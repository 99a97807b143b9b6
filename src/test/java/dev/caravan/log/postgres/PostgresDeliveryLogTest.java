package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.DeliveryLogContract;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import java.nio.file.Path;

class PostgresDeliveryLogTest extends DeliveryLogContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }
}
