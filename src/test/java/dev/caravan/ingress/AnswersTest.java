package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ingress.port.ConnectionTimeouts;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told when its request is not taken, and which fault is named first. */
class AnswersTest {
  private static final int MAX_PAYLOAD = 1000;
  private static HookServer server;

  @BeforeAll
  static void start() {
    server =
        new HookServer(Map.of("caravan.max-payload", MAX_PAYLOAD + ""), ConnectionTimeouts.USUAL);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 1",
    "PUT, 1",
    "DELETE, 1",
    "OPTIONS, 1",
    "PATCH, 1",
    "BREW, 1",
    "GET, 2",
    "BREW, 2"
  })
  void anyMethodButPostIsNotAllowed(String method, int version) {
    HttpResponse<String> answer = Post.json("{}").method(method).overHttp(version).to(server);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void aHeadRequestIsNotAllowedAndItsAnswerHasNoBody() {
    HttpResponse<String> answer = Post.json("").method("HEAD").to(server);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json, text/plain",
        "application",
        ";charset=utf-8",
      })
  void otherContentTypesAreNotSupported(String type) {
    assertThat(Post.json("{}").with("Content-Type", type).to(server).statusCode()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void twoContentTypesAreNotSupportedNotEvenTheSameTwice(int version) {
    for (String type :
        new String[] {"application/json", "application/x-www-form-urlencoded", "text/plain"}) {
      Post post = Post.json("{}").overHttp(version).header("Content-Type", type);
      assertThat(post.to(server).statusCode()).as(type).isEqualTo(415);
    }
  }

  @Test
  void aMissingContentTypeIsNotSupported() {
    assertThat(Post.json("{}").without("Content-Type").to(server).statusCode()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aPayloadOverTheLimitIsTooLarge(int version) {
    assertThat(Post.json(payload(MAX_PAYLOAD)).overHttp(version).to(server).statusCode())
        .isEqualTo(202);
    assertThat(Post.json(payload(MAX_PAYLOAD + 1)).overHttp(version).to(server).statusCode())
        .isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aPayloadThatGrowsOverTheLimitIsTooLarge(int version) {
    assertThat(Post.json(payload(MAX_PAYLOAD)).chunked().overHttp(version).to(server).statusCode())
        .isEqualTo(202);
    assertThat(
            Post.json(payload(MAX_PAYLOAD + 1)).chunked().overHttp(version).to(server).statusCode())
        .isEqualTo(413);
  }

  @Test
  void aFormMayTakeThreeTimesItsPayloadOnTheWire() {
    String payload = "{\"a\":\"" + "%".repeat(900) + "\"}";

    Post post = Post.form(payload);

    assertThat(post.to(server).statusCode()).isEqualTo(202);
    assertThat(new String(server.log.delivery(post.guid).payload(), UTF_8)).isEqualTo(payload);
  }

  @Test
  void aFormWhosePayloadIsOverTheLimitIsTooLargeWhateverItsSignature() {
    Post post = Post.form("{\"a\":\"" + "x".repeat(MAX_PAYLOAD) + "\"}").signedWith("another");

    assertThat(post.to(server).statusCode()).isEqualTo(413);
  }

  @Test
  void aFormOfMoreThanThreeTimesTheLimitIsTooLarge() {
    Post post = Post.form("{\"a\":\"" + "%".repeat(MAX_PAYLOAD) + "\"}");

    assertThat(post.to(server).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256=",
        "sha256=757107",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=g57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
      })
  void aMalformedOrWrongSignatureIsInvalid(String signature) {
    Post post = Post.json("{}").with("X-Hub-Signature-256", signature);

    assertInvalidSignature(post);
  }

  @Test
  void aMissingSignatureIsInvalid() {
    assertInvalidSignature(Post.json("{}").without("X-Hub-Signature-256"));
  }

  @Test
  void aSignatureThatIsThereTwiceIsInvalid() {
    assertInvalidSignature(
        Post.json("{}").header("X-Hub-Signature-256", Post.signature("{}".getBytes(UTF_8))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Test: none",
        "X-Hub-Signature-256: no",
        "X-Hub-Signature-256: sha256=\r\nX-Hub-Signature: sha1=757107ea0eb2509fc211221cce984b8a37570b6d"
      })
  void aSignatureThatCannotBeRightIsInvalidBeforeABodyIsRead(String header) {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(RawConnection.plainHead(header, "Content-Length: 900"));

      assertThat(connection.readUntil("Invalid signature header")).startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void aBodyChangedByOneByteIsInvalid() {
    assertInvalidSignature(Post.json("{\"a\":1}").tampered("{\"a\":2}".getBytes(UTF_8)));
  }

  private static void assertInvalidSignature(Post post) {
    HttpResponse<String> answer = post.to(server);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("Invalid signature header");
    assertThat(server.log.has(post.guid)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Push", "push!", "push,pull_request", "a b", "pu\u00e9sh"})
  void anInvalidEventNameIsNamed(String event) {
    HttpResponse<String> answer = Post.json("{}").with("X-GitHub-Event", event).to(server);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("X-GitHub-Event must be 1 to 64 of a-z, 0-9 and _");
  }

  @Test
  void anEventNameMayBe64LettersLong() {
    assertThat(Post.json("{}").with("X-GitHub-Event", "e".repeat(64)).to(server).statusCode())
        .isEqualTo(202);
    assertThat(Post.json("{}").with("X-GitHub-Event", "e".repeat(65)).to(server).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a_b", "a/../b", "a b"})
  void anInvalidGuidIsNamed(String guid) {
    HttpResponse<String> answer = Post.json("{}").with("X-GitHub-Delivery", guid).to(server);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("X-GitHub-Delivery must be 1 to 64 of A-Z, a-z, 0-9 and -");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-GitHub-Event", "X-GitHub-Delivery"})
  void aHeaderThatIsMissingOrThereTwiceIsNamed(String header) {
    assertBadRequest(Post.json("{}").without(header), "Header " + header + " is missing");
    assertBadRequest(
        Post.json("{}").header(header, "push"), "Header " + header + " is there more than once");
  }

  @Test
  void queryParametersDoNotStandInForHeaders() {
    assertBadRequest(
        Post.json("{}").without("X-GitHub-Event").path("/hooks/handle_github?X-GitHub-Event=push"),
        "Header X-GitHub-Event is missing");
  }

  @Test
  void aFormWithoutAPayloadIsNamed() {
    assertBadRequest(Post.formBody("a=1&b={}"), "The form does not start with a payload field");
    assertBadRequest(Post.formBody(""), "The form does not start with a payload field");
    assertBadRequest(Post.formBody("payload={}&a=1"), "The form has more than its payload field");
    assertBadRequest(
        Post.formBody("payload=%7"), "The form's payload field has broken percent-encoding");
  }

  @Test
  void aPayloadThatIsNotOneJsonObjectIsNamed() {
    assertBadRequest(Post.json("[]"), "The payload is not a JSON object");
    assertBadRequest(Post.json(""), "The payload is not a JSON object");
    assertBadRequest(Post.json("{} {}"), "The payload continues after its JSON object");
    assertBadRequest(Post.json("{\"a\":"), "The payload is not valid JSON");
    assertBadRequest(Post.json("{}".getBytes(UTF_16BE)), "The payload is not valid JSON");
    assertBadRequest(Post.json(new byte[] {'{', (byte) 0xff, '}'}), "The payload is not UTF-8");
    assertBadRequest(Post.form("[]"), "The payload is not a JSON object");
  }

  private static void assertBadRequest(Post post, String sentence) {
    HttpResponse<String> answer = post.to(server);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(sentence);
    assertThat(server.log.has(post.guid)).isFalse();
  }

  @Test
  void ofTwoFaultsTheEarlierInTheTableIsNamed() {
    String tooLarge = payload(MAX_PAYLOAD + 1);

    assertThat(
            Arrays.asList(
                Post.json(tooLarge).method("PUT").with("Content-Type", "a/b"),
                Post.json(tooLarge).with("Content-Type", "a/b"),
                Post.json(tooLarge).with("X-Hub-Signature-256", "no"),
                Post.json("[").with("X-Hub-Signature-256", "no").without("X-GitHub-Event"),
                Post.json("[").without("X-GitHub-Event")))
        .extracting(post -> post.to(server).statusCode())
        .containsExactly(405, 415, 413, 403, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/hooks", "/hooks/handle_github/x", "/hooks/handle_github//", "/observe"})
  void otherPathsAreNotThere(String path) {
    HttpResponse<String> answer = Post.json("{}").path(path).to(server);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("Not found");
  }

  @Test
  void noHeaderOfTheRequestComesBack() {
    HttpResponse<String> answer =
        Post.json("{}")
            .header("X-Secret", "s")
            .header("User-Agent", "GitHub-Hookshot/1")
            .to(server);

    assertThat(answer.headers().map().keySet())
        .containsExactlyInAnyOrder("content-type", "content-length");
  }

  /** A payload of so many bytes. */
  private static String payload(int length) {
    return "{\"a\":\"" + "x".repeat(length - 8) + "\"}";
  }
}
