package dev.caravan.log.postgres;

import dev.caravan.log.TestLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test that begins with one node, which others join. */
abstract class FirstNode {
  PostgresLogUnderTest engine;
  TestLog log;

  @BeforeEach
  void openTheFirst() {
    engine = new PostgresLogUnderTest(TestLog.OPTIONS);
    log = new TestLog(engine);
  }

  @AfterEach
  void close() {
    log.close();
  }
}
