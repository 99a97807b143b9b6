package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nobody fills our memory by sending requests faster than the answers are taken. */
class GreedyClientsTest {
  private static AttackedServer attacked;

  @BeforeAll
  static void start() {
    attacked = new AttackedServer(ResourceLeakDetector.Level.ADVANCED);
  }

  @AfterAll
  static void stop() {
    attacked.close();
  }

  @Test
  void aClientThatTakesNoAnswersIsCutOff() {
    String requests = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000);
    int sent = 0;
    try (RawConnection connection = new RawConnection(attacked.server(), 4096)) {
      while (sent < 2000 && connection.trySend(requests)) {
        sent++;
      }
    }

    assertThat(sent).as("thousands of requests sent").isLessThan(2000);
    attacked.assertUnharmed();
  }

  @Test
  void aClientThatSendsMoreAndMoreBehindARequestInWorkIsCutOff() {
    int before = attacked.log().appends();
    attacked.log().hold();
    try (RawConnection connection = new RawConnection(attacked.server())) {
      connection.send(Attack.push(Attack.LINE, "first"));
      await().until(() -> attacked.log().appends() == before + 1);

      String answer =
          connection.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100).getBytes(ISO_8859_1));

      assertThat(answer).isEmpty();
    } finally {
      attacked.log().commitHeld();
    }
    attacked.assertUnharmed();
  }
}
