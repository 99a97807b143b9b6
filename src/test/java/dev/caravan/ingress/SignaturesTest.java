package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.ingress.signature.Signatures;
import dev.caravan.secrets.Secret;
import dev.caravan.secrets.SecretsInForce;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
  // GitHub's published example: secret, body, signature
  private static final String SECRET = "It's a Secret to Everybody";
  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
  private static final String HEX =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  private static final String SIGNATURE = "sha256=" + HEX;
  private static final String SHA1 =
      "sha1=" + HexFormat.of().formatHex(new Secret(SECRET).hmacSha1(BODY));

  @Test
  void theExampleGitHubPublishesMatches() {
    assertThat(match(with(SECRET), List.of(SIGNATURE), List.of(), BODY)).isTrue();
  }

  @Test
  void hexDigitsMayBeInUpperCase() {
    String upper = "sha256=" + HEX.toUpperCase(Locale.ROOT);

    assertThat(match(with(SECRET), List.of(upper), List.of(), BODY)).isTrue();
  }

  @Test
  void aBodyChangedByOneByteDoesNotMatch() {
    byte[] changed = "Hello, World?".getBytes(UTF_8);

    assertThat(match(with(SECRET), List.of(SIGNATURE), List.of(), changed)).isFalse();
  }

  @Test
  void anyOfSeveralSecretsMaySign() {
    assertThat(match(with("new, " + SECRET), List.of(SIGNATURE), List.of(), BODY)).isTrue();
    assertThat(match(with("new, other"), List.of(SIGNATURE), List.of(), BODY)).isFalse();
  }

  @Test
  void withoutASecretNothingMatches() {
    assertThat(match(with(""), List.of(SIGNATURE), List.of(), BODY)).isFalse();
  }

  @Test
  void aSecretCountsFromTheMomentItIsThereAndNoLonger() {
    AtomicReference<List<Secret>> valid = new AtomicReference<>(List.of());
    Signatures signatures = new Signatures(() -> SecretsInForce.of(valid.get()), true);

    assertThat(match(signatures, List.of(SIGNATURE), List.of(), BODY)).isFalse();
    valid.set(Secret.list(SECRET));
    assertThat(match(signatures, List.of(SIGNATURE), List.of(), BODY)).isTrue();
    valid.set(Secret.list("another"));
    assertThat(match(signatures, List.of(SIGNATURE), List.of(), BODY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256=",
        HEX,
        "sha256=" + HEX + "0",
        "sha256= " + HEX,
        "SHA256=" + HEX,
        "sha1=" + HEX,
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1g",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1\uff17",
      })
  void anythingButPrefixAndDigitsDoesNotMatch(String header) {
    assertThat(match(with(SECRET), List.of(header), List.of(), BODY)).isFalse();
  }

  @Test
  void aHeaderThatIsThereTwiceDoesNotMatch() {
    assertThat(match(with(SECRET), List.of(SIGNATURE, SIGNATURE), List.of(), BODY)).isFalse();
    assertThat(match(with(SECRET), List.of(), List.of(SHA1, SHA1), BODY)).isFalse();
  }

  @Test
  void theOldSignatureCountsOnlyAloneAndOnlyIfAllowed() {
    assertThat(match(with(SECRET), List.of(), List.of(SHA1), BODY)).isTrue();
    assertThat(match(with(SECRET), List.of("sha256=wrong"), List.of(SHA1), BODY)).isFalse();
    assertThat(
            match(new Signatures(HookServer.always(SECRET), false), List.of(), List.of(SHA1), BODY))
        .isFalse();
  }

  @Test
  void aSecretIsNeverEmptyAndNeverPrinted() {
    assertThatThrownBy(() -> new Secret("")).hasMessageContaining("empty");
    assertThat(new Secret(SECRET)).asString().doesNotContain("Everybody");
  }

  private static Signatures with(String secrets) {
    return new Signatures(HookServer.always(secrets), true);
  }

  private static boolean match(
      Signatures signatures, List<String> sha256, List<String> sha1, byte[] body) {
    return signatures.signer(null, any -> true, sha256, sha1, body) != null;
  }
}
