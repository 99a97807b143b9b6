package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent instead of a request is the sender's fault, and harms nobody else. */
class HostileRequestsTest {
  private static AttackedServer attacked;

  @BeforeAll
  static void start() {
    attacked = new AttackedServer();
  }

  @AfterAll
  static void stop() {
    attacked.close();
  }

  @Test
  void whatIsNoRequestIsRefused() {
    attacked.refuses(MalformedRequests.all());

    attacked.assertUnharmed();
  }

  @Test
  void aDeliveryHiddenInTheBodyOfAnotherRequestIsNotTaken() {
    attacked.refuses(SmugglingAttempts.all());

    assertThat(attacked.log().has(SmugglingAttempts.GUID)).isFalse();
    attacked.assertUnharmed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT /hooks/handle_github", "POST /elsewhere"})
  void whatFollowsARefusedRequestOnItsConnectionIsNotTaken(String line) {
    try (RawConnection connection = new RawConnection(attacked.server())) {
      connection
          .send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
          .readUntil("connection: close");

      connection.exchange(("hello" + Attack.push(Attack.LINE, "following")).getBytes(ISO_8859_1));
    }

    attacked.assertUnharmed();
    assertThat(attacked.log().has("following")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive, x\r\n\r\n",
        "POST /hooks/handle_github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Connection: close\r\nContent-Length: 2\r\n\r\n{}",
      })
  void whatFollowsTheLastRequestOfAConnectionIsNotTakenAndItsMemoryIsGivenBack(String last) {
    byte[] body = "x".repeat(50_000).getBytes(UTF_8);
    String following =
        Attack.head(Attack.LINE, "following", body, "Content-Length: 50000") + "\r\n";
    attacked.refuses(
        Collections.nCopies(20, Attack.of(last, last + following + new String(body, ISO_8859_1))));

    attacked.assertUnharmed();
    assertThat(attacked.log().has("following")).isFalse();
  }

  @Test
  void headersBehindTheBodyDoNotCount() {
    String chunks = "2\r\n{}\r\n0\r\nX-GitHub-Event: issues\r\nX-GitHub-Delivery: other\r\n\r\n";
    String head =
        Attack.head(
            Attack.LINE,
            "with-trailers",
            "{}".getBytes(UTF_8),
            "Connection: close",
            "Transfer-Encoding: chunked");

    assertThat(attacked.exchange((head + "\r\n" + chunks).getBytes(ISO_8859_1)))
        .startsWith("HTTP/1.1 202 ");
    String without = head.replace("X-GitHub-Event: push\r\n", "");
    assertThat(attacked.exchange((without + "\r\n" + chunks).getBytes(ISO_8859_1)))
        .startsWith("HTTP/1.1 400 ")
        .contains("Header X-GitHub-Event is missing");

    assertThat(attacked.log().delivery("with-trailers").event()).isEqualTo("push");
    assertThat(attacked.log().delivery("with-trailers").headers())
        .containsEntry("X-GitHub-Delivery", "with-trailers");
    attacked.assertUnharmed();
  }

  @Test
  void anUpgradeToHttp2IsNotOfferedSinceItWouldHideDuplicateHeaders() {
    String upgrade =
        Attack.push(
            Attack.LINE,
            "upgrade",
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            "X-GitHub-Event: issues");

    try (RawConnection connection = new RawConnection(attacked.server())) {
      assertThat(connection.send(upgrade).readUntil("\r\n\r\nHeader X-GitHub-Event is there more"))
          .startsWith("HTTP/1.1 400 ");
    }
    attacked.assertUnharmed();
  }

  @Test
  void requestsThatAreOddButRightAreDeliveries() {
    Set<String> taken = new TreeSet<>();
    for (String[] odd :
        new String[][] {
          {"http10", "POST /hooks/handle_github HTTP/1.0"},
          {"absolute", "POST http://x/hooks/handle_github HTTP/1.1"},
          {"query", "POST /hooks/handle_github?a=%zz&X-GitHub-Event=x HTTP/1.1"},
          {"folded", Attack.LINE, "X-Test: a\r\n b"},
          {"many", Attack.LINE, "a: b\r\n".repeat(90) + "c: d"},
          {"upper", Attack.LINE, "X-GITHUB-HOOK-ID: 1"},
        }) {
      String more = odd.length > 2 ? odd[2] : "X-Test: a";
      String answer =
          attacked.exchange(
              Attack.push(odd[1], odd[0], more, "Connection: close").getBytes(ISO_8859_1));
      assertThat(answer).as(odd[0]).matches("(?s)HTTP/1.[01] 202 .*");
      taken.add(odd[0]);
    }

    assertThat(taken).allMatch(attacked.log()::has);
    attacked.assertUnharmed();
  }

  @Test
  @Tag("hostile")
  void fortyRoundsOfAllOfThemLeaveNothingBehind() {
    attacked.repeatedly(
        40,
        () -> {
          attacked.refuses(MalformedRequests.all());
          attacked.refuses(SmugglingAttempts.all());
        });
  }
}
