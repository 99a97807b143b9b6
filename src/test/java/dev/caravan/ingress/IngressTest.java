package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.port.CannotListenException;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.ingress.port.IngressSettings;
import dev.caravan.log.MemoryDeliveryLog;
import dev.caravan.network.Callers;
import dev.caravan.network.OwnAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.support.ResourceHelper;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the port opens, what it belongs to, and how it closes. */
class IngressTest {
  @Test
  void aPortInUseIsOneSentence() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());

      assertThatThrownBy(
              () -> new HookServer(Map.of("camel.server.port", port), ConnectionTimeouts.USUAL))
          .hasRootCauseInstanceOf(IOException.class)
          .satisfies(
              failure ->
                  assertThat(cause(failure))
                      .hasMessage(
                          "port %s is in use by another program; choose another with --port",
                          port));
    }
  }

  @Test
  void aPortInUseCanBeFoundOutBeforeAnythingIsStarted() throws IOException {
    int port;
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = other.getLocalPort();

      assertThatThrownBy(ingress(port).check()::address)
          .isInstanceOf(CannotListenException.class)
          .hasMessage("port %d is in use by another program; choose another with --port", port);
    }
    ingress(port).check().address();
  }

  private static Ingress ingress(int port) {
    IngressSettings settings =
        HookServer.settings(Map.of("camel.server.port", Integer.toString(port)));
    return new Ingress(
        settings,
        new OwnAddress(settings.host(), settings.port()),
        HookServer.always("one"),
        Callers.ANYONE,
        new MemoryDeliveryLog(),
        new HookActivity(null, InstantSource.system()));
  }

  @Test
  void twoServersOnOnePortAreRefusedWithinOneProgramToo() {
    try (HookServer first = new HookServer()) {
      String port = Integer.toString(first.port());

      assertThatThrownBy(
              () -> new HookServer(Map.of("camel.server.port", port), ConnectionTimeouts.USUAL))
          .satisfies(failure -> assertThat(cause(failure)).hasMessageContaining("is in use"));
    }
  }

  @Test
  void anAddressThatIsNotOursIsNamed() {
    assertThatThrownBy(
            () ->
                new HookServer(Map.of("camel.server.host", "192.0.2.1"), ConnectionTimeouts.USUAL))
        .satisfies(
            failure ->
                assertThat(cause(failure))
                    .hasMessageStartingWith("cannot listen on 192.0.2.1 port 0"));
  }

  private static CannotListenException cause(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof CannotListenException found) {
        return found;
      }
    }
    throw new AssertionError(failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mine", "/hooks/handle_github"})
  void aUsersOwnRouteCannotUseThePublicPort(String path) throws Exception {
    String route =
        """
        - route:
            id: mine
            from:
              uri: platform-http:%s
              steps:
                - log: hello
        """
            .formatted(path);
    try (HookServer server = new HookServer()) {
      ThrowableAssert.ThrowingCallable load =
          () -> server.load(ResourceHelper.fromString("mine.camel.yaml", route));

      assertThatThrownBy(load)
          .hasStackTraceContaining("the public port serves the hook path and nothing else");
      assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(202);
      assertThat(Post.json("{}").path("/mine").to(server).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void closingWaitsForWhatIsBeingWritten() {
    HookServer server = new HookServer();
    server.log.hold();
    CompletableFuture<HttpResponse<String>> answer = Post.json("{}").sendTo(server);
    await().until(() -> server.log.appends() == 1);

    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
    await().until(() -> Post.json("{}").to(server).statusCode() == 503);
    assertThat(closed).isNotDone();
    server.log.commitHeld();

    assertThat(answer.join().statusCode()).isEqualTo(202);
    closed.join();
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void theRouteCanBeStoppedAndStartedAgain() throws Exception {
    try (HookServer server = new HookServer()) {
      server.context.getRouteController().stopRoute("receive");
      assertThatThrownBy(() -> Post.json("{}").to(server)).isInstanceOf(AssertionError.class);

      server.context.getRouteController().startRoute("receive");

      assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void theRouteCanBeSuspendedAndResumed() throws Exception {
    try (HookServer server = new HookServer()) {
      server.context.getRouteController().suspendRoute("receive");
      assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(503);

      server.context.getRouteController().resumeRoute("receive");

      assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(202);
    }
  }
}
