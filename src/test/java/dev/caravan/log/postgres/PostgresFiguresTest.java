package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogFiguresContract;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import java.nio.file.Path;
import java.time.InstantSource;

/** What the engine says of itself in numbers, in the shared engine. */
class PostgresFiguresTest extends LogFiguresContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(
        new LogOptions(dedupe, 32 << 20, retention, InstantSource.system()));
  }
}
