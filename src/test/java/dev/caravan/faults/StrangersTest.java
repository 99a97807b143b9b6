package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever has no secret can send what they like, with a heap of 256 MiB: GitHub, which comes from
 * another address, is answered in time all the while.
 */
class StrangersTest {
  private static final Duration SHORTLY = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SMALL_IN_TIME = Duration.ofSeconds(1);
  private static final Duration LARGE_IN_TIME = Duration.ofSeconds(8);
  // On a machine that is busy with other tests: less than GitHub waits.
  private static final Duration ANY_IN_TIME = Duration.ofSeconds(9);
  // Of which one is large, on a machine however slow.
  private static final int AT_LEAST = 10;
  private static final SignedPush SMALL = SignedPush.of(1, 1, "x".repeat(8 * 1024));
  private static final SignedPush LARGE = SignedPush.of(1, 2, "x".repeat(20 << 20));

  private static final String LINE = "POST /hooks/handle_github HTTP/1.1\r\nHost: x\r\n";
  private static final byte[] MANY_FIELDS = (LINE + "h1:\r\n".repeat(2000)).getBytes(ISO_8859_1);
  private static final byte[] LARGEST_HEAD =
      (LINE + ("h: " + "x".repeat(75) + "\r\n").repeat(97)).getBytes(ISO_8859_1);

  @TempDir Path directory;

  @Test
  void headsThatAreManyOrNeverEndHarmNoDelivery() {
    heads(1000, SHORTLY);
  }

  @Test
  @Tag("hostile")
  void fiveThousandHeadsThatAreManyOrNeverEndHarmNoDelivery() {
    heads(5000, LONG);
  }

  @Test
  void bodiesThatArePromisedAndDoNotComeHarmNoDelivery() {
    bodies(40, 25 << 20, 92, SHORTLY);
  }

  @Test
  void bodiesThatComeSlowlyHarmNoDelivery() {
    bodies(250, 256 << 10, 1434, SHORTLY);
  }

  @Test
  @Tag("hostile")
  void bodiesThatArePromisedAndDoNotComeForLongHarmNoDelivery() {
    bodies(40, 25 << 20, 92, LONG);
  }

  @Test
  @Tag("hostile")
  void bodiesThatComeSlowlyForLongHarmNoDelivery() {
    bodies(250, 256 << 10, 1434, LONG);
  }

  @Test
  @Tag("hostile")
  void aThousandBodiesThatStartFastAndComeSlowlyKeepNoUsualDeliveryAway() {
    attack(1000, 40, LONG, number -> body(25 << 20, 300_000), 92);
  }

  @Test
  @Tag("hostile")
  void aThousandBodiesOfHalfTheirSizeKeepNoUsualDeliveryAway() {
    attack(1000, 40, LONG, number -> body(140_000, 100_000), 92);
  }

  private void heads(int connections, Duration time) {
    attack(connections, 1, time, number -> number % 2 == 0 ? MANY_FIELDS : LARGEST_HEAD, 0);
  }

  private void bodies(int connections, int declared, int pace, Duration time) {
    attack(connections, 1, time, number -> body(declared, 1), pace);
  }

  private static byte[] body(int declared, int atOnce) {
    return (LINE
            + "Content-Type: application/json\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: none\r\n"
            + "X-Hub-Signature-256: sha256="
            + "0".repeat(64)
            + "\r\nContent-Length: "
            + declared
            + "\r\n\r\n"
            + "x".repeat(atOnce))
        .getBytes(ISO_8859_1);
  }

  private void attack(
      int connections, int addresses, Duration time, IntFunction<byte[]> first, int more) {
    Site site = new Site(directory);
    try (CaravanProcess caravan = (time.equals(LONG) ? site.optimized() : site).startReady()) {
      for (int number = 1; number < 20; number++) {
        answer(caravan.hook(), SMALL.again(number)); // a program that has run for a while
      }
      // From so many addresses strangers fill every share there is: what is left is for the small.
      boolean onlySmall = addresses > 1;
      IntFunction<String> address =
          number -> addresses == 1 ? "127.0.0.1" : "127.0.1." + (1 + number % addresses);
      try (Strangers strangers = new Strangers(caravan.hook(), connections, address, first, more)) {
        assertAnswersInTime(caravan, strangers, connections, time, onlySmall);
      }
      assertThat(caravan.output()).doesNotContain("OutOfMemory");
    }
  }

  private static void assertAnswersInTime(
      CaravanProcess caravan,
      Strangers strangers,
      int connections,
      Duration time,
      boolean onlySmall) {
    Duration small = time.equals(LONG) && !onlySmall ? SMALL_IN_TIME : ANY_IN_TIME;
    Duration large = time.equals(LONG) ? LARGE_IN_TIME : ANY_IN_TIME;
    List<String> late = new ArrayList<>();
    long slowest = 0;
    long slowestLarge = 0;
    int sent = 0;
    long start = System.nanoTime();
    for (; System.nanoTime() - start < time.toNanos() || sent < AT_LEAST; sent++) {
      boolean isLarge = sent % 10 == 9;
      SignedPush push = (isLarge ? LARGE : SMALL).again(100 + sent);
      long before = System.nanoTime();
      String answer = answer(caravan.hook(), push);
      long took = System.nanoTime() - before;
      if (isLarge && onlySmall) {
        continue; // it may be turned away, and is sent for the load
      }
      if (!answer.startsWith("HTTP/1.1 202") || took > (isLarge ? large : small).toNanos()) {
        late.add("%d %s after %d ms".formatted(sent, answer, took / 1_000_000));
      }
      slowest = isLarge ? slowest : Math.max(slowest, took);
      slowestLarge = isLarge ? Math.max(slowestLarge, took) : slowestLarge;
      pause();
    }
    new Report("strangers-" + connections)
        .line(
            "%d strangers with %d connections: %d deliveries, slowest %d ms, of 20 MiB %d ms; %d MB",
            connections,
            strangers.opened(),
            sent,
            slowest / 1_000_000,
            slowestLarge / 1_000_000,
            caravan.memoryKilobytes("VmHWM") / 1024);
    assertThat(late).as("of %d deliveries", sent).isEmpty();
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Each on a connection of its own, as GitHub sends them. */
  private static String answer(URI hook, SignedPush push) {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress("127.0.0.2", 0));
      socket.connect(new InetSocketAddress(hook.getHost(), hook.getPort()), 10_000);
      socket.setSoTimeout(10_000);
      try {
        socket.getOutputStream().write(push.head(hook));
        socket.getOutputStream().write(push.body());
      } catch (IOException e) {
        // it may have been answered
      }
      byte[] answer = new byte[12];
      int length = socket.getInputStream().readNBytes(answer, 0, answer.length);
      return new String(answer, 0, length, ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
