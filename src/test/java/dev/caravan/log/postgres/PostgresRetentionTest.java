package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.RetentionContract;
import dev.caravan.log.TestLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** What goes after its time, in the shared engine. */
@Tag("long") // a log is opened for each, and many are opened again
class PostgresRetentionTest extends RetentionContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }
}
