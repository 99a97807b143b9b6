package dev.caravan.log.postgres;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Retention;
import dev.caravan.log.SearchIndexContract;
import dev.caravan.log.TestLog;
import java.nio.file.Path;

/** The search index, in the shared engine. */
class PostgresSearchIndexTest extends SearchIndexContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new PostgresLogUnderTest(TestLog.options(dedupe, retention));
  }

  /**
   * What came of each of them is asked of the server. So these, as many as reach from those that
   * are in no stretch yet into the newest one.
   */
  @Override
  protected int mostListed() {
    return 200;
  }

  @Override
  protected int pageSize() {
    return 100;
  }

  @Override
  protected int stretches() {
    return (int) ((PostgresLogUnderTest) engine).count("stretch");
  }
}
