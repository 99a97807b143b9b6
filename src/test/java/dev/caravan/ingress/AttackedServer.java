package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.ingress.memory.BodyBudgets;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.log.MemoryDeliveryLog;
import dev.caravan.webhook.CapturedLog;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server that is attacked, and what has to hold of it meanwhile and afterwards. Its deadlines are
 * short, so that whatever it has to wait for ends soon; Netty reports every buffer that is lost.
 */
final class AttackedServer implements AutoCloseable {
  private static final int CLIENTS = 6;
  // Longer than a busy machine keeps a client of ours from going on.
  private static final ConnectionTimeouts SHORT =
      new ConnectionTimeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          Duration.ofSeconds(10),
          Duration.ofMillis(50));

  // Each takes all there is of its half of the memory for bodies.
  private static final byte[] LARGEST_SMALL = payload(BodyBudgets.SMALL);
  private static final byte[] LARGE = payload(BodyBudgets.SMALL + 50_000);

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
  private static final Pattern NO_PLAIN_LINE = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f]");

  // A few megabytes come and go with Netty's pools; a leak of a hundred bytes a request is more.
  private static final long MOST_GROWTH = 16 << 20;

  // Workers, the one that explains refusals, and the JDK's own start when they are first needed.
  private static final int THREADS_TO_COME = 8;

  private final ResourceLeakDetector.Level usual = ResourceLeakDetector.getLevel();
  private final CapturedLog lines = new CapturedLog("");
  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final HookServer server;
  private final int threads;
  private int deliveries;

  /** Netty looks after every buffer; it takes its time for that. */
  AttackedServer() {
    this(ResourceLeakDetector.Level.PARANOID);
  }

  /**
   * @param level ADVANCED looks after one buffer of a hundred or so, for attacks by the thousand
   */
  AttackedServer(ResourceLeakDetector.Level level) {
    this(level, SHORT, server -> {});
  }

  private AttackedServer(
      ResourceLeakDetector.Level level, ConnectionTimeouts limits, Consumer<HookServer> more) {
    server =
        new HookServer(Map.of("caravan.body-memory", "1MiB", "caravan.body-timeout", "5s"), limits);
    ResourceLeakDetector.setLevel(level); // Vert.x turns it off when its first class is loaded
    more.accept(server);
    assertTakes(LARGEST_SMALL);
    together(Stream.<Callable<String>>generate(() -> () -> "").limit(CLIENTS).toList());
    threads = Thread.activeCount();
  }

  /** One whose clients keep their connections, however long they pause. */
  static AttackedServer patient() {
    return new AttackedServer(
        ResourceLeakDetector.Level.ADVANCED, ConnectionTimeouts.USUAL, server -> {});
  }

  /** One that speaks HTTP/2 too, at another port. */
  static AttackedServer withHttp2() {
    return new AttackedServer(ResourceLeakDetector.Level.PARANOID, SHORT, HookServer::http2);
  }

  HookServer server() {
    return server;
  }

  MemoryDeliveryLog log() {
    return server.log;
  }

  /** Runs all of them, a few at a time. */
  <T> List<T> together(List<? extends Callable<T>> work) {
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> each : clients.invokeAll(work)) {
        results.add(each.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    }
  }

  /** Repeats a round of attacks, and sees that memory does not grow with them. */
  void repeatedly(int rounds, Runnable round) {
    times(rounds / 5, round);
    long before = memory();
    times(rounds - rounds / 5, round);
    long after = memory();
    System.out.printf(
        "%d rounds, %d requests answered; %d KiB of memory after a fifth, %d KiB at the end%n",
        rounds, answered(), before >> 10, after >> 10);
    assertThat(after).as("memory at the end").isLessThan(before + MOST_GROWTH);
    assertUnharmed();
  }

  private static void times(int rounds, Runnable round) {
    for (int number = 0; number < rounds; number++) {
      round.run();
    }
  }

  private long answered() {
    return server.ingress.accepted()
        + server.ingress.refused().values().stream().mapToLong(Long::longValue).sum();
  }

  /** What is in use, on the heap and in Netty's buffers. */
  private static long memory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
  }

  /** Makes all attacks; each must end in a refusal, or in the end of the connection. */
  void refuses(List<Attack> attacks) {
    int before = log().appends();
    together(attacks.stream().map(attack -> (Callable<String>) () -> refuse(attack)).toList());
    assertThat(log().appends()).as("deliveries taken").isEqualTo(before);
  }

  private String refuse(Attack attack) {
    String answer = exchange(attack.bytes());
    assertFit(attack.name(), answer);
    assertThat(answer).as(attack.name()).doesNotContain(" 202 ");
    return answer;
  }

  /** One connection: all of this is sent, and what comes back until its end is returned. */
  String exchange(byte[] request) {
    try (RawConnection connection = new RawConnection(server)) {
      return connection.exchange(request);
    }
  }

  /** An answer says what the client did wrong, or nothing; never anything of the server. */
  static void assertFit(String what, String answer) {
    Matcher statuses = STATUS.matcher(answer);
    if (!answer.isEmpty()) {
      assertThat(statuses.lookingAt()).as("%s: %s", what, answer).isTrue();
    }
    statuses.reset();
    while (statuses.find()) {
      assertThat(statuses.group(1)).as("%s: %s", what, answer).matches("4\\d\\d|202|100");
    }
    assertThat(answer).as(what).doesNotContain("Exception", "\tat ", "java.");
  }

  /** Everything is as it was: connections, memory for bodies, threads, and the way in. */
  void assertUnharmed() {
    await("connections are ended").until(() -> connections() == 0);
    assertTakes("{}".getBytes(UTF_8));
    assertTakes(LARGEST_SMALL);
    assertTakes(LARGE);
    System.gc(); // only then does Netty know what was lost
    assertTakes(LARGEST_SMALL);
    await("threads end").until(() -> Thread.activeCount() <= threads + THREADS_TO_COME);
    assertThat(lines.lines())
        .allSatisfy(line -> assertThat(line).doesNotContainPattern(NO_PLAIN_LINE))
        .noneMatch(line -> line.startsWith("ERROR"));
  }

  private void assertTakes(byte[] payload) {
    String guid = "unharmed-" + deliveries++;
    String head =
        Attack.head(
            Attack.LINE, guid, payload, "Content-Length: " + payload.length, "Connection: close");
    try (RawConnection connection = new RawConnection(server)) {
      String answer = connection.send(head + "\r\n").send(payload).readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 202 ");
      assertThat(log().delivery(guid).body()).isEqualTo(payload);
    }
    log().forget(guid);
  }

  /** How many connections the server has not closed, as the kernel tells it. */
  private long connections() throws IOException {
    List<String> ports = server.ports().stream().map(":%04X"::formatted).toList();
    long count = 0;
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      count +=
          Files.readAllLines(Path.of(table)).stream()
              .map(line -> line.strip().split("\\s+"))
              .filter(row -> ports.stream().anyMatch(row[1]::endsWith))
              .filter(row -> row[3].equals("01") || row[3].equals("08"))
              .count();
    }
    return count;
  }

  private static byte[] payload(int length) {
    return ("{\"a\":\"" + "x".repeat(length - 8) + "\"}").getBytes(UTF_8);
  }

  @Override
  public void close() {
    clients.shutdownNow();
    server.close();
    lines.close();
    ResourceLeakDetector.setLevel(usual);
  }
}
