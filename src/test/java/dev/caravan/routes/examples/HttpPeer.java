package dev.caravan.routes.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP server that answers every request with one status and keeps what it got. */
final class HttpPeer implements AutoCloseable {
  /** A request as it came. Never compared as a value. */
  @SuppressWarnings("ArrayRecordComponent")
  record Request(String method, String path, Headers headers, byte[] body) {
    @Nullable String header(String name) {
      return headers.getFirst(name);
    }

    String text() {
      return new String(body, UTF_8);
    }

    /** Says that nothing of GitHub's, of Camel's or of ours is among the headers. */
    void carriesNoHeaderBut(String... allowed) {
      assertThat(headers.keySet().stream().map(name -> name.toLowerCase(Locale.ROOT)))
          .filteredOn(
              name ->
                  name.startsWith("x-")
                      || name.startsWith("camel")
                      || name.startsWith("caravan")
                      || name.startsWith("breadcrumb"))
          .containsExactlyInAnyOrder(allowed);
    }
  }

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final HttpServer server;
  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private volatile int status = 200;
  private volatile String text = "";

  HttpPeer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          requests.add(
              new Request(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().getRawPath(),
                  exchange.getRequestHeaders(),
                  body));
          byte[] answer = text.getBytes(UTF_8);
          int code = statuses.getOrDefault(exchange.getRequestURI().getPath(), status);
          exchange.sendResponseHeaders(code, answer.length == 0 ? -1 : answer.length);
          if (answer.length > 0) {
            exchange.getResponseBody().write(answer);
          }
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/in";
  }

  /** The address without a path. */
  String root() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  void answer(int newStatus) {
    status = newStatus;
  }

  /** Answers so at one path only. */
  void answer(int newStatus, String path) {
    statuses.put(path, newStatus);
  }

  void answer(String newText) {
    text = newText;
  }

  /** The next request, which must come soon. */
  Request next() throws InterruptedException {
    Request request = requests.poll(20, TimeUnit.SECONDS);
    assertThat(request).as("a request").isNotNull();
    return request;
  }

  void gotNoMore() {
    assertThat(requests).isEmpty();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
