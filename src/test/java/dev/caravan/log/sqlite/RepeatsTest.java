package dev.caravan.log.sqlite;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.RepeatsContract;
import dev.caravan.log.Retention;
import java.nio.file.Path;

/** What is the same delivery in the embedded engine. */
class RepeatsTest extends RepeatsContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }
}
