package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The content type is not signed: a signed body may come again under the other one. */
class SentAgainAsAFormTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String EVIL =
      URLEncoder.encode(
          "{\"ref\":\"refs/heads/main\",\"repository\":{\"full_name\":\"evil/x\"}}", UTF_8);
  private static HookServer server;

  @BeforeAll
  static void start() {
    server = new HookServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"comment\":{\"body\":\"&payload=EVIL&\"},\"issue\":{}}",
        "{\"comment\":{\"body\":\"&payload=EVIL\"},\"issue\":{}}",
        "{\"&payload=EVIL&\":1}",
        "{\"ref\":\"&payload=EVIL&\"}",
        "{}\n&payload=EVIL",
        " payload=EVIL",
        "&payload=EVIL",
        "=&payload=EVIL",
        "x=1&payload=EVIL",
        "payload&payload=EVIL",
        "payload=EVIL&payload=EVIL",
        "payload=EVIL&",
      })
  void aBodyThatHoldsAPayloadSomewhereIsNoForm(String body) {
    Post again = Post.json(body.replace("EVIL", EVIL)).with("Content-Type", FORM);

    var answer = again.to(server);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("The form ");
    assertThat(server.log.has(again.guid)).isFalse();
  }

  @Test
  void aFormIsNoJson() {
    Post again = Post.formBody("payload=" + EVIL).with("Content-Type", "application/json");

    assertThat(again.to(server).body()).isEqualTo("The payload is not valid JSON");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theSecondOfTwoContentTypesDoesNotCount(int version) {
    String body = "{\"comment\":{\"body\":\"&payload=" + EVIL + "&\"},\"issue\":{}}";
    Post again =
        Post.json(body)
            .overHttp(version)
            .with("X-GitHub-Event", "issue_comment")
            .header("Content-Type", FORM);

    assertThat(again.to(server).statusCode()).isEqualTo(415);
    assertThat(server.log.has(again.guid)).isFalse();
  }
}
