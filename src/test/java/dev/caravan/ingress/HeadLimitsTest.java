package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A head has up to a hundred fields and 8 KiB: several times what GitHub and proxies send. */
class HeadLimitsTest {
  private static HookServer server;

  @BeforeAll
  static void start() {
    server = new HookServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aHeadOfAHundredFieldsIsTakenAndOneOfMoreIsNot() {
    // Attack.push has seven, Connection included.
    assertThat(answer(fields(93))).startsWith("HTTP/1.1 202 ");
    assertThat(answer(fields(94))).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void aHeadIsRefusedWhileItComesAndNotOnlyWhenItIsComplete() {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(Attack.LINE + "\r\n" + "h:\r\n".repeat(101));

      assertThat(connection.readToEnd()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void aHeadOfMoreThan8KiBIsRefused() {
    assertThat(answer("X-Long: " + "x".repeat(7000))).startsWith("HTTP/1.1 202 ");
    assertThat(answer("X-Long: " + "x".repeat(8200))).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void fieldsBehindTheBodyCountToo() {
    String head =
        RawConnection.head(
            "X-Hub-Signature-256: " + Post.signature("{}".getBytes(StandardCharsets.UTF_8)),
            "Transfer-Encoding: chunked");
    try (RawConnection connection = new RawConnection(server)) {
      String answer =
          connection.exchange(
              (head + "2\r\n{}\r\n0\r\n" + "t:\r\n".repeat(2000))
                  .getBytes(StandardCharsets.ISO_8859_1));

      assertThat(answer).doesNotContain(" 202 ");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatGitHubSendsThroughAChainOfProxiesFits(int version) {
    Post post =
        Post.json("{}")
            .header("Accept", "*/*")
            .header("User-Agent", "GitHub-Hookshot/044aadd")
            .header("X-GitHub-Hook-ID", "292430182")
            .header("X-GitHub-Hook-Installation-Target-ID", "79929171")
            .header("X-GitHub-Hook-Installation-Target-Type", "repository")
            .header("X-Hub-Signature", "sha1=" + "0".repeat(40))
            .header("X-Forwarded-For", "140.82.115.54, 10.0.0.1, 10.0.0.2")
            .header("CF-Ray", "8a1b2c3d4e5f6789-FRA")
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .header("Cookie", "a".repeat(3000))
            .overHttp(version);
    for (int number = 0; number < 40; number++) {
      post.header("X-Proxy-" + number, "some value of a usual length " + number);
    }

    assertThat(post.to(server).statusCode()).isEqualTo(202);
  }

  @Test
  void overHttp2AHeadOfMoreFieldsIsRefusedToo() {
    Post post = Post.json("{}").http2();
    for (int number = 0; number < 101; number++) {
      post.header("x", "");
    }

    assertThat(post.to(server).statusCode()).isEqualTo(431);
  }

  private static String fields(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "h" + i + ":")
        .collect(Collectors.joining("\r\n"));
  }

  private static String answer(String more) {
    try (RawConnection connection = new RawConnection(server)) {
      return connection.exchange(
          Attack.push(Attack.LINE, "head-" + System.nanoTime(), more, "Connection: close")
              .getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
