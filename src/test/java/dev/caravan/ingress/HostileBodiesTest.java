package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies that are well signed, and hostile: who has a secret may still send nonsense. */
class HostileBodiesTest {
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
  void aPayloadIsTakenWhenItIsOneJsonObjectInUtf8AndElseRefused() {
    attacked.together(
        HostileBodies.json().entrySet().stream()
            .map(
                each ->
                    (Callable<Boolean>)
                        () -> {
                          boolean isObject = PlainJson.isObject(each.getValue());
                          assertAnswered(each.getKey(), each.getValue(), isObject, json -> json);
                          return isObject;
                        })
            .toList());

    attacked.assertUnharmed();
  }

  @Test
  void aFormIsTakenWhenItsPayloadCanBeReadAndElseRefused() {
    attacked.together(
        HostileBodies.forms().entrySet().stream()
            .map(
                each ->
                    (Callable<Boolean>)
                        () -> {
                          assertAnswered(
                              each.getKey().substring(0, Math.min(each.getKey().length(), 40)),
                              each.getKey().getBytes(UTF_8),
                              each.getValue(),
                              head -> head.replace("/json", "/x-www-form-urlencoded"));
                          return each.getValue();
                        })
            .toList());

    attacked.assertUnharmed();
  }

  @Test
  void aCompressedBodyIsNotDecompressed() {
    byte[] bomb = HostileBodies.compressed(new byte[50 << 20]);
    for (String encoding : List.of("gzip", "deflate", "br", "gzip, gzip", "x")) {
      UnaryOperator<String> encoded = head -> head + "Content-Encoding: " + encoding + "\r\n";
      assertAnswered(encoding, HostileBodies.compressed("{}".getBytes(UTF_8)), false, encoded);
      assertAnswered(encoding, bomb, false, encoded);
    }

    attacked.assertUnharmed();
  }

  @Test
  @Tag("hostile")
  void thirtyRoundsOfAllOfThemLeaveNothingBehind() {
    attacked.repeatedly(
        30,
        () -> {
          aPayloadIsTakenWhenItIsOneJsonObjectInUtf8AndElseRefused();
          aFormIsTakenWhenItsPayloadCanBeReadAndElseRefused();
          aCompressedBodyIsNotDecompressed();
        });
  }

  private static void assertAnswered(
      String what, byte[] body, boolean isTaken, UnaryOperator<String> change) {
    String guid = "body-" + Thread.currentThread().getId() + "-" + System.nanoTime();
    String head =
        change.apply(
            Attack.head(
                    Attack.LINE, guid, body, "Connection: close", "Content-Length: " + body.length)
                .replace("X-GitHub-Event: push", "X-GitHub-Event: something_new"));
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes((head + "\r\n").getBytes(ISO_8859_1));
    request.writeBytes(body);

    String answer = attacked.exchange(request.toByteArray());

    AttackedServer.assertFit(what, answer);
    assertThat(answer).as(what).startsWith(isTaken ? "HTTP/1.1 202 " : "HTTP/1.1 400 ");
    assertThat(attacked.log().has(guid)).as(what).isEqualTo(isTaken);
    if (isTaken) {
      assertThat(attacked.log().delivery(guid).body()).as(what).isEqualTo(body);
      attacked.log().forget(guid);
    }
  }
}
