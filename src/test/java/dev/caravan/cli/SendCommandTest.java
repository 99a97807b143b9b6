package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.Receiver.Received;
import dev.caravan.ingress.request.Answer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendCommandTest {
  private static final String GUID =
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  @TempDir Path directory;
  private final Receiver receiver = new Receiver();

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void aSampleIsPostedSignedAndWithTheHeadersOfGitHub() {
    Invocation sent = send("push");

    assertThat(sent.exitCode()).isZero();
    Received request = receiver.only();
    assertThat(request.body()).isEqualTo(SampleEvents.payload("push"));
    assertThat(request.header("User-Agent")).isEqualTo("GitHub-Hookshot/caravan");
    assertThat(request.header("Accept")).isEqualTo("*/*");
    assertThat(request.header("Content-Type")).isEqualTo("application/json");
    assertThat(request.header("X-GitHub-Event")).isEqualTo("push");
    assertThat(request.header("X-GitHub-Delivery")).matches(GUID);
    assertThat(request.header("X-GitHub-Hook-ID")).isEqualTo("480000001");
    assertThat(request.header("X-GitHub-Hook-Installation-Target-ID")).isEqualTo("900000001");
    assertThat(request.header("X-GitHub-Hook-Installation-Target-Type")).isEqualTo("repository");
    assertThat(request.headers()).doesNotContainKey("Upgrade");
  }

  @Test
  void theAnswersStatusBodyAndTimeAreShown() {
    Invocation sent = send("star");

    String guid = receiver.only().header("X-GitHub-Delivery");
    assertThat(sent.out())
        .startsWith("star, ")
        .contains(" bytes, as delivery " + guid + " to " + receiver.url())
        .containsPattern("(?m)^202 Webhook received \\(\\d+ ms\\)$");
    assertThat(sent.err()).isEmpty();
  }

  @Test
  void aFormCarriesThePayloadUnchangedAndIsSignedAsItIs() {
    Invocation sent = send("push", "--form");

    assertThat(sent.exitCode()).isZero();
    Received request = receiver.only();
    assertThat(request.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(request.text()).startsWith("payload=%7B");
    assertThat(URLDecoder.decode(request.text().substring("payload=".length()), UTF_8))
        .isEqualTo(new String(SampleEvents.payload("push"), UTF_8));
  }

  @Test
  void aFileIsSentByteForByteUnderAnyEventName() throws IOException {
    byte[] payload = {'{', '"', (byte) 0xff, '+', '&', 0, '"', '}', '\n'};
    Files.write(directory.resolve("odd.json"), payload);

    Invocation json = send("made_up", "--file", "odd.json");
    Invocation form = send("made_up", "--file", "odd.json", "--form");

    assertThat(json.exitCode() + form.exitCode()).isZero();
    Received first = receiver.received().get(0);
    assertThat(first.header("X-GitHub-Event")).isEqualTo("made_up");
    assertThat(first.body()).isEqualTo(payload);
    String field = receiver.received().get(1).text().substring("payload=".length());
    assertThat(URLDecoder.decode(field, ISO_8859_1).getBytes(ISO_8859_1)).isEqualTo(payload);
  }

  @Test
  void manyDeliveriesShareAFewConnectionsAndEachHasItsOwnGuid() {
    Invocation sent = send("push", "--count", "200");

    assertThat(sent.exitCode()).isZero();
    List<Received> requests = receiver.received();
    assertThat(requests).hasSize(200);
    assertThat(requests.stream().map(r -> r.header("X-GitHub-Delivery")))
        .doesNotHaveDuplicates()
        .allMatch(guid -> guid.matches(GUID));
    assertThat(requests.stream().map(Received::clientPort).distinct()).hasSizeLessThanOrEqualTo(8);
    assertThat(sent.out())
        .contains("200 times to " + receiver.url())
        .containsPattern("200 deliveries in \\d+\\.\\d s, \\d+ requests/s, slowest \\d+ ms")
        .contains("  200 x 202 Webhook received");
  }

  @Test
  void aBurstStopsWhenTheServerIsGoneAndSaysHowMuchWasTaken() {
    receiver.hangUpAfter(50);

    Invocation sent = send("push", "--count", "100000");

    assertThat(sent.exitCode()).isEqualTo(1);
    assertThat(receiver.received()).hasSize(50);
    assertThat(sent.out()).contains("  50 x 202 Webhook received").contains(" x No answer");
    assertThat(sent.err()).startsWith("The connection broke before the answer came");
  }

  @Test
  void aGivenGuidIsSentAgainAsGitHubRedelivers() {
    send("push", "--delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958", "--count", "2");

    assertThat(receiver.received())
        .extracting(request -> request.header("X-GitHub-Delivery"))
        .containsExactly(
            "72d3162e-cc78-11e3-81ab-4c9367dc0958", "72d3162e-cc78-11e3-81ab-4c9367dc0958");
  }

  @Test
  void aBadSignatureIsASuccessWhenTheServerRefusesIt() {
    Invocation sent = send("push", "--bad-signature");

    assertThat(sent.exitCode()).isZero();
    assertThat(sent.out()).contains("403 Invalid signature header");
    assertThat(sent.err()).isEmpty();
  }

  @Test
  void aBadSignatureThatIsAcceptedIsAFailure() {
    receiver.answer(200, "fine");

    Invocation sent = send("push", "--bad-signature");

    assertThat(sent.exitCode()).isEqualTo(1);
    assertThat(sent.err())
        .startsWith("The server accepted a delivery signed with a made-up secret,");
  }

  @Test
  void aRefusedSignatureNamesThePlaceOfTheSecretAndNotTheSecret() {
    Invocation sent =
        Invocation.of(
            Map.of("GITHUB_WEBHOOK_SECRET", "hunter2"),
            directory,
            "send",
            "push",
            "--url",
            receiver.url());

    assertThat(sent.exitCode()).isEqualTo(1);
    assertThat(sent.out()).contains("403 Invalid signature header");
    assertThat(sent.err())
        .contains("secret from GITHUB_WEBHOOK_SECRET of the environment")
        .contains("must use the same")
        .doesNotContain("hunter2");
  }

  @Test
  void aRefusedAddressIsNotTakenForARefusedSignature() {
    receiver.answer(Answer.NOT_ALLOWED.status(), Answer.NOT_ALLOWED.text());

    Invocation sent = send("push");

    assertThat(sent.exitCode()).isEqualTo(1);
    assertThat(sent.err()).contains("caravan.allow").doesNotContain("secret");
  }

  @Test
  void aPayloadIsSignedWithASecretWhoseScopeCoversIt() throws IOException {
    Files.writeString(
        directory.resolve("application.properties"),
        """
        caravan.secrets.alpha = for another owner
        caravan.secrets.alpha.scope = other
        caravan.secrets.beta = for another hook
        caravan.secrets.beta.scope = hook:1
        caravan.secrets.team = %s
        caravan.secrets.team.scope = acme
        """
            .formatted(Receiver.SECRET));
    Files.writeString(
        directory.resolve("third.json"), "{\"repository\": {\"full_name\": \"third/web\"}}");

    Invocation covered =
        Invocation.of(Map.of(), directory, "send", "push", "--url", receiver.url());
    Invocation uncovered =
        Invocation.of(
            Map.of(),
            directory,
            "send",
            "made_up",
            "--file",
            "third.json",
            "--url",
            receiver.url());

    assertThat(covered.exitCode()).as(covered.err()).isZero();
    assertThat(uncovered.exitCode()).isEqualTo(2);
    assertThat(uncovered.err()).contains("about the repository third/web", "caravan.secret");
    assertThat(receiver.received()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400, says which",
    "404, Nothing is served at /hooks/handle_github",
    "405, does not accept POST",
    "408, caravan.body-timeout",
    "413, caravan.max-payload",
    "415, neither JSON nor forms",
    "503, full",
    "200, Caravan answers 202",
    "302, does not follow redirects",
    "502, such as a proxy"
  })
  void anyOtherAnswerFailsAndSaysWhatToCheck(int status, String advice) {
    receiver.answer(status, "one\r\nline \u001b[31m only");

    Invocation sent = send("push");

    assertThat(sent.exitCode()).isEqualTo(1);
    assertThat(sent.out()).contains(status + " one line [31m only (");
    assertThat(sent.err()).contains(advice).hasLineCount(1);
  }

  @Test
  void noServerIsOneSentenceThatSaysHowToStartIt() {
    int port = receiver.port();
    receiver.close();

    Invocation sent = send("push");

    assertThat(sent.exitCode()).isEqualTo(1);
    assertThat(sent.out()).contains("No answer (");
    assertThat(sent.err())
        .isEqualToIgnoringNewLines(
            "Nothing listens at localhost:%d. Is the server running? Start it with: ./caravan run"
                .formatted(port));
  }

  @Test
  void withoutAnEventOrWithAnUnknownOneTheSamplesAreListed() {
    Invocation alone = send();
    Invocation unknown = send("pusj");

    assertThat(alone.err()).startsWith("Which event?").contains("  pull_request");
    assertThat(unknown.err()).startsWith("There is no sample of 'pusj'.").contains("  push");
    assertThat(Stream.of(alone, unknown).map(Invocation::exitCode)).containsOnly(2);
    assertThat(receiver.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--count=0, --count is 0; it must be at least 1.",
    "--count=many, 'many' is not an int",
    "--delivery=a b, 'a b' cannot be sent in a header",
    "--file=absent.json, --file absent.json: there is no such file.",
    "--url=localhost:8000/x, localhost:8000/x is not the address of a hook.",
    "--url=ftp://me:pw@there/x, ftp://there/x is not the address of a hook.",
    "--nonsense, Unknown option: '--nonsense'"
  })
  void aWrongOptionIsRefusedByNameBeforeAnythingIsSent(String option, String complaint) {
    Invocation sent = send("push", option);

    assertThat(sent.exitCode()).isEqualTo(2);
    assertThat(sent.err()).contains(complaint).doesNotContain("Exception", "pw@");
    assertThat(receiver.received()).isEmpty();
  }

  private Invocation send(String... args) {
    Stream<String> options =
        Stream.of(args).anyMatch(arg -> arg.startsWith("--url"))
            ? Stream.empty()
            : Stream.of("--url", receiver.url());
    return Invocation.of(
        Map.of("GITHUB_WEBHOOK_SECRET", Receiver.SECRET),
        directory,
        Stream.of(Stream.of("send"), Stream.of(args), options)
            .flatMap(part -> part)
            .toArray(String[]::new));
  }
}
