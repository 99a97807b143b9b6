package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.caravan.config.SettingSources;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.ingress.signature.UnverifiedRequest;
import dev.caravan.secrets.LiveSecrets;
import dev.caravan.secrets.Secret;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator learns of requests that were answered 403, and how they are taken after all. */
class RefusedRequestsTest {
  private static final String ROCKET = "{\"repository\":{\"full_name\":\"acme/rocket\"}}";

  @TempDir private Path folder;
  private LiveSecrets secrets;
  private HookServer server;

  @BeforeEach
  void start() {
    settings(
        """
        caravan.secrets.main = right
        caravan.secrets.quoted = "inner"
        caravan.secrets.encoded = aW5uZXI2NA==
        caravan.secrets.gone = previous
        caravan.secrets.gone.retired = true
        caravan.secrets.shop = shop
        caravan.secrets.shop.scope = acme/shop
        caravan.secrets.seven = seven
        caravan.secrets.seven.scope = hook:7
        """);
    secrets =
        new LiveSecrets(
            () ->
                new SettingSources(Map.of())
                    .read(folder.resolve("application.properties"), Map.of()),
            null,
            folder.resolve("use"));
    server =
        new HookServer(Map.of("caravan.signature.sha1", "deny"), ConnectionTimeouts.USUAL, secrets);
  }

  @AfterEach
  void stop() {
    server.close();
    secrets.close();
  }

  static List<Arguments> nearMisses() {
    return List.of(
        arguments("right\n", "it is signed with a line break at the end of this secret, 'main'"),
        arguments(
            "right\r\n",
            "it is signed with a carriage return and a line break at the end of this secret, 'main'"),
        arguments("right ", "it is signed with a blank at the end of this secret, 'main'"),
        arguments(" right", "it is signed with a blank before this secret, 'main'"),
        arguments("\"right\"", "it is signed with double quotes around this secret, 'main'"),
        arguments("'right'", "it is signed with single quotes around this secret, 'main'"),
        arguments(
            "inner", "it is signed with this secret without the quotes it has here, 'quoted'"),
        arguments("cmlnaHQ=", "it is signed with the Base64 form of this secret, 'main'"),
        arguments("inner64", "it is signed with what this secret is the Base64 form of, 'encoded'"),
        arguments("previous", "it is signed with the secret 'gone', which is retired"),
        arguments(
            "shop",
            "it is about the repository acme/rocket and signed with the secret 'shop', whose scope is 'acme/shop'"),
        arguments(
            "seven",
            "it is signed with the secret 'seven', whose scope is 'hook:7', and not that of the request's hook"));
  }

  @ParameterizedTest
  @MethodSource("nearMisses")
  void aNearMissIsNamedToTheOperatorAndNeverToTheClient(String signedWith, String reason) {
    var answer = Post.json(ROCKET).signedWith(signedWith).to(server);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("Invalid signature header");
    UnverifiedRequest refused = refused(1).get(0);
    assertThat(refused.recognised()).isTrue();
    assertThat(refused.reason()).startsWith(reason);
  }

  @Test
  void aFormThatWasSignedBeforeItWasEncodedIsNamed() {
    Post.form(ROCKET)
        .with("X-Hub-Signature-256", Post.signature("right", ROCKET.getBytes(UTF_8)))
        .to(server);

    assertThat(refused(1).get(0).reason())
        .startsWith(
            "it is signed with the secret 'main', but over the payload and not over the form");
  }

  static List<Arguments> changes() {
    String sent =
        "{\"a\":\"<b> & \u00e4\",\"n\":1.50,\"repository\":{\"full_name\":\"acme/rocket\"}}";
    String spaced = sent.replace(":", " : ").replace(",", ",\n  ");
    String again = "on its way its JSON was read and written again.";
    return List.of(
        arguments(sent, sent + "\n", "on its way a line break or blank was added at its end."),
        arguments(sent, sent + "\r\n", "on its way a line break or blank was added at its end."),
        arguments(sent + "\n", sent, "on its way the line break at its end was dropped."),
        arguments(spaced, spaced.replace("\n", "\r\n"), "on its way its line breaks became CRLF."),
        arguments(sent, spaced, again),
        arguments(sent, sent.replace("\u00e4", "\\u00e4"), again),
        arguments(
            sent.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
            spaced,
            again),
        arguments(
            "payload=" + URLEncoder.encode(sent, UTF_8),
            sent,
            "on its way the form that GitHub sends it in was unpacked."));
  }

  @Test
  void aPayloadThatNoRouteCouldReadIsNotTakenLaterEither() {
    Post large = Post.json("{\"n\":[" + "[],".repeat(80_000) + "0]}").signedWith("GitHub's");
    assertThat(large.to(server).statusCode()).isEqualTo(403);
    refused(1);
    settings("caravan.secrets.main = GitHub's");
    await().until(() -> secrets.inForce().valid().size() == 1);

    assertThat(server.ingress.verifyRefusedAgain()).isEqualTo(new Reverified(0, 1, 0));
    assertThat(server.log.has(large.guid)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aBodyThatWasChangedOnItsWayIsToldFromAWrongSecret(
      String signed, String arrived, String reason) {
    var answer =
        Post.json(arrived)
            .with("X-Hub-Signature-256", Post.signature("right", signed.getBytes(UTF_8)))
            .to(server);

    assertThat(answer.statusCode()).isEqualTo(403);
    UnverifiedRequest refused = refused(1).get(0);
    assertThat(refused.reason())
        .startsWith("it is signed with the secret 'main', but " + reason)
        .contains("relay");
    assertThat(refused.recognised()).isTrue();
  }

  @Test
  void aFormThatWasEncodedAgainOnItsWayIsNamed() {
    String signed = "payload=" + URLEncoder.encode("{\"a\":\"b c\"}", UTF_8);
    Post.formBody(signed.replace("+", "%20"))
        .with("X-Hub-Signature-256", Post.signature("right", signed.getBytes(UTF_8)))
        .to(server);

    assertThat(refused(1).get(0).reason()).contains("but on its way its form was encoded again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256=", ""})
  void anEmptySignatureSaysThatTheHookHasNoSecret(String signature) {
    Post.json(ROCKET).with("X-Hub-Signature-256", signature).to(server);

    assertThat(refused(1).get(0).reason())
        .startsWith("its signature is empty: whoever sends it has no secret");
  }

  @Test
  void anOldSignatureThatIsDeniedIsNamed() {
    byte[] sha1 = new Secret("right").hmacSha1(ROCKET.getBytes(UTF_8));
    Post.json(ROCKET)
        .without("X-Hub-Signature-256")
        .with("X-Hub-Signature", "sha1=" + HexFormat.of().formatHex(sha1))
        .to(server);

    assertThat(refused(1).get(0).reason())
        .isEqualTo(
            "it is signed with the secret 'main', but only with SHA-1, and caravan.signature.sha1 is deny");
  }

  @Test
  void missingAndBrokenSignaturesAndCompressedBodiesAreToldApart() {
    Post.json(ROCKET).without("X-Hub-Signature-256").to(server);
    Post.json(ROCKET).with("X-Hub-Signature-256", "nonsense").to(server);
    Post.json(ROCKET).signedWith("guess").with("Content-Encoding", "gzip").to(server);
    Post.json(ROCKET).signedWith("guess").to(server);

    assertThat(refused(4))
        .extracting(UnverifiedRequest::reason)
        .satisfiesExactly(
            unknown ->
                assertThat(unknown)
                    .startsWith("the signature matches no secret here")
                    .contains("relay"),
            changed -> assertThat(changed).contains("Content-Encoding"),
            broken -> assertThat(broken).contains("is not sha256= and 64 hexadecimal digits"),
            missing -> assertThat(missing).startsWith("it has no signature header"));
    assertThat(refused(4)).noneMatch(UnverifiedRequest::recognised);
  }

  @Test
  void nothingThatTheClientWritesIsRepeatedUnlessItIsAPlainName() {
    Post.json(ROCKET)
        .signedWith("guess")
        .with("X-GitHub-Event", "push {evil}")
        .with("X-GitHub-Delivery", "${jndi:x}")
        .to(server);

    UnverifiedRequest refused = refused(1).get(0);
    assertThat(refused.event()).isNull();
    assertThat(refused.delivery()).isNull();
    assertThat(refused.toString()).doesNotContain("evil", "jndi");
  }

  @Test
  void refusedRequestsAreTakenOnceTheSecretIsMended() {
    Post json = Post.json(ROCKET).signedWith("GitHub's");
    Post form = Post.form(ROCKET).signedWith("GitHub's");
    Post stranger = Post.json(ROCKET).signedWith("guess");
    List.of(json, form, stranger).forEach(post -> post.to(server));
    refused(3);
    assertThat(server.ingress.verifyRefusedAgain()).isEqualTo(new Reverified(0, 3, 0));

    settings("caravan.secrets.main = GitHub's");
    await().until(() -> secrets.inForce().valid().size() == 1);

    assertThat(server.ingress.verifyRefusedAgain()).isEqualTo(new Reverified(2, 1, 0));
    assertThat(server.log.delivery(json.guid).body()).isEqualTo(ROCKET.getBytes(UTF_8));
    assertThat(server.log.delivery(form.guid).headers()).containsEntry("X-GitHub-Event", "push");
    assertThat(new String(server.log.delivery(form.guid).body(), UTF_8))
        .isEqualTo("payload=" + URLEncoder.encode(ROCKET, UTF_8));
    assertThat(server.log.has(stranger.guid)).isFalse();
    assertThat(server.ingress.verifyRefusedAgain()).isEqualTo(new Reverified(0, 1, 0));
    assertThat(secrets.status().get(0).verified()).isEqualTo(2);
  }

  @Test
  void aRequestThatTheLogCannotTakeStaysForAnotherTry() {
    Post post = Post.json(ROCKET).signedWith("GitHub's");
    post.to(server);
    refused(1);
    settings("caravan.secrets.main = GitHub's");
    await().until(() -> secrets.inForce().valid().size() == 1);

    server.log.fail(() -> new IllegalStateException("full"));
    assertThat(server.ingress.verifyRefusedAgain()).isEqualTo(new Reverified(0, 0, 1));
    server.log.fail(null);
    assertThat(server.ingress.verifyRefusedAgain()).isEqualTo(new Reverified(1, 0, 0));
  }

  private List<UnverifiedRequest> refused(int count) {
    await().until(() -> server.ingress.refusedRequests().size() == count);
    return server.ingress.refusedRequests();
  }

  private void settings(String lines) {
    try {
      Files.writeString(folder.resolve("application.properties"), lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
