package dev.caravan.log.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.testing.ProgramClasses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node of a shared log in a process of its own, so that it can be killed and frozen. It appends
 * what it is told, and says what it has appended and run.
 */
final class NodeProcess implements AutoCloseable {
  static final int CONCURRENCY = 8;

  /** What the GUIDs of those begin with whose attempts last longer than a lease. */
  static final String SLOW = "slow-";

  private final Process process;
  private final PrintStream commands;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private int told;

  /**
   * What a node has said.
   *
   * @param what ready, took, failed, begun or ended
   * @param at in nanoTime, which is one for all processes of a machine
   */
  record Event(String what, String guid, String repository, long at) {}

  private NodeProcess(Process process) {
    this.process = process;
    this.commands = new PrintStream(process.getOutputStream(), true, UTF_8);
    Thread listening = new Thread(this::listen, "node");
    listening.setDaemon(true);
    listening.start();
  }

  static NodeProcess start(PostgresPlace place) {
    try {
      return new NodeProcess(
          new ProcessBuilder(
                  ProgramClasses.commandOf(
                      NodeProcess.class,
                      List.of("-Xmx128m"),
                      place.url(),
                      place.schema(),
                      place.node(),
                      Long.toString(place.lease().toMillis())))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split(" ", -1);
        if (parts.length == 4 && parts[0].startsWith("@")) {
          events.add(
              new Event(parts[0].substring(1), parts[1], parts[2], Long.parseLong(parts[3])));
        }
      }
    } catch (IOException e) {
      // it was killed
    }
  }

  List<Event> events() {
    return events;
  }

  boolean isReady() {
    return events.stream().anyMatch(event -> event.what().equals("ready"));
  }

  /** Tells it to append a delivery. */
  void append(String guid, String repository) {
    told++;
    commands.println(guid + " " + repository);
  }

  /** How many of those it has neither taken nor refused. */
  long unanswered() {
    return told
        - events.stream()
            .filter(event -> event.what().equals("took") || event.what().equals("failed"))
            .count();
  }

  void kill() {
    process.destroyForcibly();
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  // --- in the process ---

  /** Runs a node: url, schema, name, lease in milliseconds. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err); // what the program logs is not to come between events
    PostgresDeliveryLog log =
        PostgresDeliveryLog.open(
            new PostgresPlace(
                arguments[0],
                "",
                arguments[1],
                arguments[2],
                Duration.ofMillis(Long.parseLong(arguments[3]))),
            TestLog.OPTIONS);
    Runtime.getRuntime().addShutdownHook(new Thread(log::close));
    long slowMillis = Long.parseLong(arguments[3]) * 11 / 10;
    ExecutorService executor = Executors.newCachedThreadPool();
    log.subscribe(
        TestLog.wanted("ci", "*", executor)
            .concurrency(CONCURRENCY)
            .startFrom(StartFrom.BEGINNING)
            .retry(3, Duration.ofMillis(50))
            .settings(),
        attempt -> run(attempt, slowMillis, out));
    say(out, "ready", "-", "-");
    try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String[] parts = line.split(" ", -1);
        CompletableFuture<Receipt> unused =
            log.append(TestLog.delivery(parts[0], "push", null, parts[1], "{\"ref\":\"main\"}"))
                .whenComplete(
                    (receipt, failure) ->
                        say(out, failure == null ? "took" : "failed", parts[0], parts[1]));
      }
    }
  }

  private static void run(Attempt attempt, long slowMillis, PrintStream out) {
    String guid = attempt.delivery().guid();
    String repository = attempt.delivery().subject().repository();
    say(out, "begun", guid, repository);
    long millis = guid.startsWith(SLOW) ? slowMillis : 2;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    say(out, "ended", guid, repository);
    attempt.succeeded();
  }

  private static void say(PrintStream out, String what, String guid, String repository) {
    out.println("@" + what + " " + guid + " " + repository + " " + System.nanoTime());
  }
}
