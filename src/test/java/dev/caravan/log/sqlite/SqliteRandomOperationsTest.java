package dev.caravan.log.sqlite;

import dev.caravan.log.LogUnderTest;
import dev.caravan.log.RandomOperationsContract;
import java.nio.file.Path;

class SqliteRandomOperationsTest extends RandomOperationsContract {
  @Override
  protected LogUnderTest open(Path place) {
    return new SqliteLogUnderTest(place);
  }
}
