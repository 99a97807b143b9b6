package dev.caravan.log.sqlite;

import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.file.Checkpointer;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.StartFrom;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A log that is appended to by several threads without a pause, while a subscription runs what is
 * in it and fails at some. Its write-ahead file begins anew every few megabytes.
 */
final class BusyLog implements AutoCloseable {
  private static final Checkpointer.Limits SMALL = new Checkpointer.Limits(256 << 10, 10 << 20);
  private static final int THREADS = 3;

  /** When each GUID was accepted, in nanoTime. */
  final Map<String, Long> accepted = new ConcurrentHashMap<>();

  private final SqliteDeliveryLog log;
  private final ExecutorService routes = Executors.newCachedThreadPool();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  BusyLog(Path data) {
    log = SqliteDeliveryLog.open(data, TestLog.OPTIONS, DataDirectory.Use.SERVER, SMALL);
    log.subscribe(
        TestLog.wanted("busy", "*", routes)
            .orderBy(OrderBy.NONE)
            .startFrom(StartFrom.BEGINNING)
            .retry(2, Duration.ofMillis(1))
            .settings(),
        BusyLog::handle);
  }

  SqliteDeliveryLog log() {
    return log;
  }

  /** Appends from now on, and returns when so many are there. */
  BusyLog start(int count) {
    for (int number = 0; number < THREADS; number++) {
      Thread thread = new Thread(this::append, "busy-" + number);
      thread.start();
      threads.add(thread);
    }
    return await(count);
  }

  BusyLog await(int count) {
    Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> accepted.size() >= count);
    return this;
  }

  /** The GUIDs that were accepted before then. */
  List<String> before(long nanoTime) {
    return accepted.entrySet().stream()
        .filter(each -> each.getValue() - nanoTime < 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  void stopAppending() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    stopAppending();
    log.close();
    routes.shutdownNow();
  }

  private static void handle(Attempt attempt) {
    if (attempt.delivery().guid().startsWith("0")) {
      attempt.failed(new IllegalStateException("each that begins with 0 fails"));
    } else {
      attempt.succeeded();
    }
  }

  private void append() {
    Random random = new Random(Thread.currentThread().getName().hashCode());
    while (!stopped) {
      byte[] noise = new byte[3000];
      random.nextBytes(noise);
      String guid = UUID.randomUUID().toString();
      String body = "{\"noise\":\"" + java.util.HexFormat.of().formatHex(noise) + "\"}";
      log.append(TestLog.delivery(guid, "push", null, "acme/rocket", body)).join();
      accepted.put(guid, System.nanoTime());
    }
  }
}
