package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.RandomOperationsContract;
import dev.caravan.log.Retention;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.LongStream;

class PostgresRandomOperationsTest extends RandomOperationsContract {
  private static final int SOME = 2;

  /** Each takes longer here; the long form runs as many as with any engine. */
  protected static LongStream someSeeds() {
    return RandomOperationsContract.someSeeds().limit(SOME);
  }

  @Override
  protected LogUnderTest open(Path place) {
    return new PostgresLogUnderTest(
        new LogOptions(
            Dedupe.GUID,
            32 << 20,
            new Retention(LogUnderTest.BODIES_KEPT, 1 << 30),
            InstantSource.system()));
  }
}
