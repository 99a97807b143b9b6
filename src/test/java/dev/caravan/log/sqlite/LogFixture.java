package dev.caravan.log.sqlite;

import dev.caravan.log.Dedupe;
import dev.caravan.log.LogOptions;
import dev.caravan.log.TestLog;
import java.nio.file.Path;

/** A log in a directory of a test's own, for what is about this engine. */
final class LogFixture extends TestLog {
  static final LogOptions OPTIONS = new LogOptions(Dedupe.GUID, 32 << 20);

  private final SqliteLogUnderTest engine;

  LogFixture(Path data) {
    this(data, OPTIONS);
  }

  LogFixture(Path data, LogOptions options) {
    this(new SqliteLogUnderTest(data, options));
  }

  private LogFixture(SqliteLogUnderTest engine) {
    super(engine);
    this.engine = engine;
  }

  @Override
  public SqliteDeliveryLog log() {
    return engine.log();
  }
}
