package dev.caravan.metrics;

import dev.caravan.files.KeptProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts that continue across restarts: those of what is lost or given up, where every single one
 * matters, also around a restart. Kept in a small file that is written once a minute, whenever
 * somebody is about to see them, and at the end, so that a crash costs at most a minute of them and
 * takes back nothing that was seen. For many threads.
 */
public final class KeptCounts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.metrics");
  private static final int WRITE_EVERY_SECONDS = 60;

  private final Path file;
  private final KeptProperties kept;
  private final Map<String, Long> before;
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "kept-counts");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Supplier<Map<String, Long>> since = Map::of;

  /** Begins with what the file says; one that is missing or broken counts as empty. */
  public KeptCounts(Path file) {
    this.file = file;
    this.kept = new KeptProperties(file, "counts that continue across restarts");
    this.before = read();
  }

  /** What they were when this program started, by name. */
  Map<String, Long> before() {
    return before;
  }

  /**
   * Begins to keep them.
   *
   * @param counted what was counted since this program started, by name; asked by one thread at a
   *     time
   */
  public void start(Supplier<Map<String, Long>> counted) {
    since = counted;
    ScheduledFuture<?> unused =
        writer.scheduleWithFixedDelay(
            this::write, WRITE_EVERY_SECONDS, WRITE_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  /** All of them, including those from before the start. */
  private Map<String, Long> totals() {
    Map<String, Long> totals = new TreeMap<>(before);
    since.get().forEach((name, count) -> totals.merge(name, count, Long::sum));
    return totals;
  }

  @Override
  public void close() {
    writer.shutdownNow();
    write();
  }

  private Map<String, Long> read() {
    Map<String, Long> counts = new TreeMap<>();
    try {
      kept.read().forEach((name, text) -> counts.put(name, Long.parseLong(text)));
      return Map.copyOf(counts);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} cannot be read ({}); its counts start from zero.", file, e.toString());
      return Map.of();
    }
  }

  /** Writes their current values into the file, and returns them. */
  synchronized Map<String, Long> write() {
    Map<String, Long> totals = totals();
    Map<String, String> texts = new TreeMap<>();
    totals.forEach((name, count) -> texts.put(name, String.valueOf(count)));
    kept.write(texts, LOG);
    return totals;
  }
}
