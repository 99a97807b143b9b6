package dev.caravan.log.sqlite;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.RandomOperationsContract;
import dev.caravan.log.Retention;
import java.nio.file.Path;

class SqliteRandomOperationsTest extends RandomOperationsContract {
  @Override
  protected LogUnderTest open(Path place) {
    return new SqliteLogUnderTest(
        place, Dedupe.GUID, new Retention(LogUnderTest.BODIES_KEPT, 1 << 30));
  }
}
