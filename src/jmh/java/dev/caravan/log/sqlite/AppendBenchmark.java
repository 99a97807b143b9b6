package dev.caravan.log.sqlite;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.Receipt;
import dev.caravan.log.content.Dictionary;
import dev.caravan.log.sqlite.commit.Append;
import dev.caravan.log.tables.NewDelivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to put a delivery on disk, flush included. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class AppendBenchmark {
  /** As many as are on their way at once under load. */
  private static final int TOGETHER = 64;

  private static final int EVENTS = 500;
  private static final long SEED = 5;

  private final List<Delivery> events = events();
  private final Dictionary dictionary = Dictionary.none();
  private Path data;
  private SqliteDeliveryLog log;

  @Setup
  public void open() throws IOException {
    // Not the system's temporary directory: that may be memory, which flushes for nothing.
    data = Files.createTempDirectory(Path.of("target"), "append");
    log = SqliteDeliveryLog.open(data, LogFixture.OPTIONS);
  }

  @TearDown
  public void close() throws IOException {
    log.close();
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  /** One after the other: each waits for a flush of its own. */
  @Benchmark
  public Receipt alone() {
    return log.append(delivery()).join();
  }

  /** Sixty-four at a time, which share flushes: the time for each. */
  @Benchmark
  @OperationsPerInvocation(TOGETHER)
  public void together() {
    CompletableFuture<?>[] receipts = new CompletableFuture<?>[TOGETHER];
    for (int index = 0; index < TOGETHER; index++) {
      receipts[index] = log.append(delivery());
    }
    CompletableFuture.allOf(receipts).join();
  }

  /** What the sender's thread does of it: checksum and compression. Nothing is written. */
  @Benchmark
  public Object prepare() {
    return new Append(new NewDelivery(delivery(), Dedupe.GUID, dictionary));
  }

  /** Under a new GUID, or the log would take it for a repeat. */
  private Delivery delivery() {
    Delivery event = events.get(ThreadLocalRandom.current().nextInt(EVENTS));
    return new Delivery(
        UUID.randomUUID().toString(),
        event.event(),
        event.subject(),
        event.receivedAt(),
        event.headers(),
        event.encoding(),
        event.body());
  }

  private static List<Delivery> events() {
    PushEvents events = new PushEvents(SEED);
    return Stream.generate(() -> events.next(Instant.now())).limit(EVENTS).toList();
  }
}
