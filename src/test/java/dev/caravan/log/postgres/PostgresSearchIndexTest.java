package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.SearchIndexContract;
import java.nio.file.Path;
import java.time.InstantSource;

/** The search index, in the shared engine. */
class PostgresSearchIndexTest extends SearchIndexContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(
        new LogOptions(dedupe, 32 << 20, retention, InstantSource.system()));
  }

  @Override
  protected int stretches() {
    return (int) ((PostgresLogUnderTest) engine).count("stretch");
  }
}
