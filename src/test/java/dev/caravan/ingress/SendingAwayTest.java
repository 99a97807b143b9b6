package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of HTTP/2 of a program that makes way for another one. */
class SendingAwayTest {
  private static final byte[] BODY = "{}".getBytes(UTF_8);

  private final HookServer server = new HookServer();
  private final HookServer secure = server.http2();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void anAnswerSendsItsClientAwayAndWhatThatHasSentByThenIsAnsweredToo() throws Exception {
    secure.ingress.leave();
    try (Http2Connection client = new Http2Connection(server)) {
      client.send(Http2Frames.preface());
      assertThat(post(client, 1)).isEqualTo("202");
      assertThat(client.lastStreamTaken()).isEqualTo(Integer.MAX_VALUE);
      assertThat(post(client, 3)).isEqualTo("202");
    }
  }

  @Test
  void aConnectionThatIsIdleIsSentAwayAtLastAndWaitedFor() throws Exception {
    CompletableFuture<Void> left;
    try (Http2Connection client = new Http2Connection(server)) {
      client.send(Http2Frames.preface());
      assertThat(post(client, 1)).isEqualTo("202");

      secure.ingress.leave();
      left = CompletableFuture.runAsync(() -> secure.ingress.finishLeaving(Duration.ZERO));

      assertThat(client.lastStreamTaken()).isEqualTo(Integer.MAX_VALUE);
      assertThat(post(client, 3)).isEqualTo("202");
      assertThat(left).isNotDone();
    }
    await().atMost(Duration.ofSeconds(1)).until(left::isDone);
  }

  @Test
  void aClientThatStaysIsToldWhichOfItsRequestsIsTheLastThatIsAnswered() throws Exception {
    try (Http2Connection client = new Http2Connection(server)) {
      client.send(Http2Frames.preface());
      assertThat(post(client, 1)).isEqualTo("202");
      secure.ingress.leave();
      CompletableFuture<Void> left =
          CompletableFuture.runAsync(() -> secure.ingress.finishLeaving(Duration.ZERO));
      assertThat(client.lastStreamTaken()).isEqualTo(Integer.MAX_VALUE);
      assertThat(post(client, 3)).isEqualTo("202");

      left.get(10, TimeUnit.SECONDS);
      assertThat(client.lastStreamTaken()).isEqualTo(3);
      send(client, 5);
      server.close();
      assertThat(client.isEnded()).isTrue();
      assertThat(server.log.has("stream-5")).isFalse();
    }
  }

  private static String post(Http2Connection client, int stream) throws Exception {
    send(client, stream);
    return client.answer(stream);
  }

  private static void send(Http2Connection client, int stream) {
    client.send(
        Http2Frames.frame(
            Http2Frames.HEADERS,
            Http2Frames.END_HEADERS,
            stream,
            Http2Frames.block(
                ":method: POST",
                ":scheme: https",
                ":path: /hooks/handle_github",
                ":authority: localhost",
                "content-type: application/json",
                "x-github-event: push",
                "x-github-delivery: stream-" + stream,
                "x-hub-signature-256: " + Post.signature(BODY))));
    client.send(Http2Frames.frame(Http2Frames.DATA, Http2Frames.END_STREAM, stream, BODY));
  }
}
