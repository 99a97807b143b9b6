package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that go away, at whatever point and in whatever way, leave nothing behind. */
class EarlyEndTest {
  private static final String BODY = "{\"a\":\"" + "x".repeat(10_000) + "\"}";
  private static AttackedServer attacked;

  /** How a client ends its side. */
  enum Way {
    CLOSE,
    RESET,
    HALF_CLOSE
  }

  @BeforeAll
  static void start() {
    attacked = new AttackedServer();
  }

  @AfterAll
  static void stop() {
    attacked.close();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aClientMayGoAtAnyPointOfARequest(Way way) {
    goAtEachPoint(way);

    attacked.assertUnharmed();
  }

  @Test
  @Tag("hostile")
  void aHundredRoundsOfClientsThatGoLeaveNothingBehind() {
    attacked.repeatedly(
        100,
        () -> {
          for (Way way : Way.values()) {
            goAtEachPoint(way);
          }
          attacked.log().takeAll();
        });
  }

  private static void goAtEachPoint(Way way) {
    List<Callable<String>> clients = new ArrayList<>();
    for (String point : points()) {
      for (int time = 0; time < 10; time++) {
        clients.add(() -> sendAndGo(point, way));
      }
    }

    assertThat(attacked.together(clients))
        .allSatisfy(answer -> AttackedServer.assertFit("", answer));
  }

  @Test
  void clientsMayGoWhileTheirDeliveriesAreBeingWritten() {
    attacked.log().hold();
    List<Callable<String>> clients = new ArrayList<>();
    for (int number = 0; number < 30; number++) {
      String push = Attack.push(Attack.LINE, "gone-" + number);
      Way way = number % 2 == 0 ? Way.CLOSE : Way.RESET;
      clients.add(() -> sendAndGo(push, way));
    }
    attacked.together(clients);

    attacked.log().commitHeld();

    attacked.assertUnharmed();
  }

  /** All that a client may have sent when it goes. */
  private static List<String> points() {
    byte[] body = BODY.getBytes(UTF_8);
    String head = Attack.head(Attack.LINE, "early", body, "Content-Length: " + body.length);
    String chunked = Attack.head(Attack.LINE, "early", body, "Transfer-Encoding: chunked");
    String whole = head + "\r\n" + BODY;
    return List.of(
        "",
        "PO",
        Attack.LINE,
        Attack.LINE + "\r\n",
        head.substring(0, head.length() / 2),
        head,
        head + "\r\n",
        head + "\r\n" + BODY.substring(0, 1),
        head + "\r\n" + BODY.substring(0, BODY.length() / 2),
        whole.substring(0, whole.length() - 1),
        whole,
        whole + whole,
        whole + head,
        chunked + "\r\n",
        chunked + "\r\n1",
        chunked + "\r\n1000\r\n{",
        chunked + "\r\n1\r\n{\r\n",
        chunked + "\r\n1\r\n{\r\n0\r\n",
        head.replace("POST", "PUT") + "\r\n{",
        head.replace("sha256=", "sha256=0") + "\r\n" + BODY);
  }

  private static String sendAndGo(String sent, Way way) {
    try (RawConnection connection = new RawConnection(attacked.server())) {
      connection.trySend(sent);
      switch (way) {
        case CLOSE -> {}
        case RESET -> connection.reset();
        case HALF_CLOSE -> {
          connection.endOutput();
          return connection.exchange(new byte[0]);
        }
      }
      return "";
    }
  }
}
