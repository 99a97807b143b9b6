package dev.caravan.log;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A part of what every engine has to pass; the engine's test says how its log is opened. */
public abstract class LogContract {
  @TempDir protected Path data;
  protected LogUnderTest engine;
  protected TestLog log;

  /** Opens a log in an empty directory, or beside one: what an engine keeps, it keeps apart. */
  protected abstract LogUnderTest open(Path place, Dedupe dedupe, Retention retention);

  /** Opens one as most tests want it. */
  protected LogUnderTest open(Path place) {
    return open(place, Dedupe.GUID, new Retention(LogUnderTest.BODIES_KEPT, 1 << 30));
  }

  /** What is waited for here is not so before. */
  @BeforeAll
  static void lookAtOnce() {
    Awaitility.setDefaultPollDelay(Duration.ofMillis(5));
  }

  @BeforeEach
  void openLog() {
    engine = open(data);
    log = new TestLog(engine);
  }

  @AfterEach
  void closeLog() {
    log.close();
  }
}
