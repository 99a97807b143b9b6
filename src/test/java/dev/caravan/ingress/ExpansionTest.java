package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.ingress.request.Rejected;
import dev.caravan.ingress.route.LimitExpansion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads that become far more in memory than they are on the wire. */
class ExpansionTest {
  private static final int MIB = 1 << 20;
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
      strings = {"[]", "{}", "[[]]", "{\"\":0}", "{\"a\":{}}", "\"\"", "1", "1e9", "[\"a\",0]"})
  void aPayloadThatTakesManyTimesItsBytesIsTooLarge(String element) {
    Post json = Post.json(list(element, MIB));
    var answer = json.to(server);

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body())
        .isEqualTo("Payload would take many times its size in memory, as none of GitHub's does");
    assertThat(Post.form(list(element, MIB)).to(server).statusCode()).isEqualTo(413);
    assertThat(server.log.has(json.guid)).isFalse();
    assertThat(Post.json(list(element, 32 * 1024)).to(server).statusCode()).isEqualTo(202);
  }

  @Test
  void aPayloadThatWouldBeMostlyBlanksWhenIndentedIsTooLarge() {
    String deep = "{\"n\":".repeat(60);
    String payload = deep + "[" + "{\"k\":0},".repeat(20_000) + "0]";

    assertThat(Post.json(payload + "}".repeat(60)).to(server).statusCode()).isEqualTo(413);
  }

  @Test
  void aPayloadAsLargeAndDenseAsGitHubsPasses() {
    String commit =
        """
        {"id":"6113728f27ae82c7b1a177c8d03f9e96e0adf246","distinct":true,"message":"Mend it",
        "timestamp":"2019-05-15T15:20:33Z","author":{"name":"Ada","email":"ada@example.com"},
        "added":[],"removed":[],"modified":["src/main/java/Rocket.java","README.md"]}""";
    String payload = list(commit, 25 * MIB - commit.length() - 16);

    assertThat(Post.json(payload).to(server).statusCode()).isEqualTo(202);
  }

  @Test
  void aPayloadThatTheHeapCannotHoldIsTooLarge() {
    byte[] payload = list("\"abcdefghijklmnop\"", 2 * MIB).getBytes(UTF_8);

    new LimitExpansion(64L * MIB).check(payload);
    assertThatThrownBy(() -> new LimitExpansion(8L * MIB).check(payload))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("larger -Xmx");
  }

  private static String list(String element, int length) {
    return "{\"n\":[" + (element + ",").repeat(length / (element.length() + 1)) + "0]}";
  }
}
