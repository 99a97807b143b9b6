package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogFiguresContract;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import java.nio.file.Path;

/** What the engine says of itself in numbers, in the shared engine. */
class PostgresFiguresTest extends LogFiguresContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }
}
