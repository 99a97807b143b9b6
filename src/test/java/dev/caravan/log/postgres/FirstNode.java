package dev.caravan.log.postgres;

import dev.caravan.log.TestLog;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A test that begins with one node, which others join. */
abstract class FirstNode {
  static final Duration LEASE = Duration.ofSeconds(2);

  PostgresLogUnderTest engine;
  TestLog log;

  /** What is waited for here is not so before. */
  @BeforeAll
  static void lookAtOnce() {
    Awaitility.setDefaultPollDelay(Duration.ofMillis(5));
  }

  @BeforeEach
  void openTheFirst() {
    engine = new PostgresLogUnderTest(TestLog.OPTIONS, LEASE);
    log = new TestLog(engine);
  }

  @AfterEach
  void close() {
    log.close();
  }
}
