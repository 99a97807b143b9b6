package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.RandomOperationsContract;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import java.nio.file.Path;
import java.util.stream.LongStream;

class PostgresRandomOperationsTest extends RandomOperationsContract {
  private static final int SOME = 1;

  /** Each takes longer here; the long form runs as many as with any engine. */
  protected static LongStream someSeeds() {
    return RandomOperationsContract.someSeeds().limit(SOME);
  }

  @Override
  protected LogUnderTest open(Path place) {
    return new PostgresLogUnderTest(
        TestLog.options(Dedupe.GUID, new Retention(LogUnderTest.BODIES_KEPT, 1 << 30)));
  }
}
