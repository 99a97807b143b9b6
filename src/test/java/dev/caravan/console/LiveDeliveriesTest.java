package dev.caravan.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the log is looked at for those who watch its newest deliveries. */
class LiveDeliveriesTest {
  /** The last chunk of an answer. */
  private static final String END = "\r\n0\r\n\r\n";

  private final AtomicInteger looks = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx();
  private volatile Duration left = Sessions.LIFE;
  private HttpServer server;

  @BeforeEach
  void start() {
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              context.put(ConsoleAccess.SESSION, new Session(false, Instant.now().plus(left)));
              context.next();
            });
    router
        .route()
        .handler(
            new LiveDeliveries(
                filter -> {
                  looks.incrementAndGet();
                  return "<tr></tr>";
                }));
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aBrowserThatReconnectsManyTimesStillCausesOneLookASecond() throws IOException {
    for (int round = 0; round < 20; round++) {
      watch().close();
    }
    try (Socket last = watch()) {
      int before = looks.get(); // perhaps without the one at its own beginning
      long ticked = whenLookedAt(before + 2);
      assertThat(Duration.ofNanos(whenLookedAt(before + 3) - ticked))
          .isGreaterThan(Duration.ofMillis(750));
      assertThat(last.isConnected()).isTrue();
    }
  }

  @Test
  void nobodyWatchesLongerThanTheSessionLasts() throws IOException {
    left = Duration.ofMillis(50);
    try (Socket watcher = ask()) {
      assertThat(readUntil(END, watcher)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void whoCannotWatchSeesTheRowsOnceAndWhyTheyStayAsTheyAre() throws IOException {
    List<Socket> watchers = new ArrayList<>();
    try {
      for (int number = 0; number < 50; number++) {
        watchers.add(watch());
      }
      watchers.add(ask());

      assertThat(readUntil(END, watchers.get(50)))
          .startsWith("HTTP/1.1 200 ")
          .contains("event: rows", "data: <tr></tr>", "not live: 50 pages are watching")
          .contains("event: over"); // or the browser would ask again and again
    } finally {
      for (Socket each : watchers) {
        each.close();
      }
    }
  }

  private long whenLookedAt(int times) {
    await().pollInterval(Duration.ofMillis(10)).until(() -> looks.get() >= times);
    return System.nanoTime();
  }

  private static String readUntil(String wanted, Socket socket) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(wanted) < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("what comes after " + read).isNotNegative();
      read.append((char) next);
    }
    return read.toString();
  }

  private Socket ask() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
    return socket;
  }

  /** Somebody who has the rows in front of him. */
  private Socket watch() throws IOException {
    Socket socket = ask();
    String unused = readUntil("data:", socket);
    return socket;
  }
}
