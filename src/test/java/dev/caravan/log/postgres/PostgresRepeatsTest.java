package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.RepeatsContract;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import java.nio.file.Path;

/** What is the same delivery, in the shared engine. */
class PostgresRepeatsTest extends RepeatsContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }
}
