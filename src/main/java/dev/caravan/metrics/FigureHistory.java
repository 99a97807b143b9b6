package dev.caravan.metrics;

import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.figures.Distribution;
import dev.caravan.log.figures.SubscriptionFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of the last seven days, for those who have no Prometheus: reads the counters four
 * times a minute and keeps a few of them in a small file, across restarts. Safe for use by many
 * threads.
 */
public final class FigureHistory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.metrics");
  private static final double PERCENTILE = 0.99;
  private static final double MICROSECONDS = 1e6;

  private final Path path;
  private final Ingress ingress;
  private final LogFigures log;
  private final InstantSource clock;
  private final ScheduledExecutorService sampler =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "figure-history");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable HistoryFile file;
  private @Nullable Counted last;
  private boolean closed;

  /**
   * @param path of the file, made when it is missing
   */
  public FigureHistory(Path path, Ingress ingress, LogFigures log, InstantSource clock) {
    this.path = path;
    this.ingress = ingress;
    this.log = log;
    this.clock = clock;
  }

  /** Begins to look. */
  public void start() {
    // The first look is the sampler's too: it reads files, and a start must not wait for them.
    ScheduledFuture<?> unused =
        sampler.scheduleAtFixedRate(
            this::sample, 0, HistoryFile.FINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * The values of one stretch of time.
   *
   * @param at when it began; {@link #step} says how long it is
   * @param values one of each series, in its unit
   */
  public record Point(Instant at, Map<Series, Long> values) {}

  /** How long the stretches are that {@link #read} returns. */
  public static Duration step(Duration span) {
    return span.compareTo(HistoryFile.FINE_FOR) <= 0 ? HistoryFile.FINE : HistoryFile.COARSE;
  }

  /** What is known of the last stretch of time of that length, oldest first. Reads a file. */
  public synchronized List<Point> read(Duration span) throws IOException {
    if (closed) {
      return List.of();
    }
    return file().read(clock.instant(), span).stream()
        .map(slot -> new Point(slot.at(), byName(slot.values())))
        .toList();
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    sampler.shutdownNow();
    if (file != null) {
      file.close();
    }
  }

  synchronized void sample() {
    if (closed) {
      return;
    }
    try {
      Counted now = counted();
      file().add(clock.instant(), now.since(last == null ? now : last));
      last = now;
    } catch (IOException | LogUnavailableException e) {
      LOG.debug("No figures for the history this time", e); // the log reports its own trouble
    } catch (RuntimeException e) { // or nobody would look again
      LOG.error("The history of figures misses a quarter of a minute.", e);
    }
  }

  private HistoryFile file() throws IOException {
    HistoryFile open = file;
    if (open == null) {
      open = new HistoryFile(path);
      file = open;
    }
    return open;
  }

  private Counted counted() {
    Map<RefusalReason, Long> refused = ingress.refused();
    long signature = refused.getOrDefault(RefusalReason.SIGNATURE, 0L);
    long unavailable =
        refused.getOrDefault(RefusalReason.BUSY, 0L)
            + refused.getOrDefault(RefusalReason.STOPPING, 0L)
            + refused.getOrDefault(RefusalReason.NOT_STORED, 0L);
    long all = refused.values().stream().mapToLong(Long::longValue).sum();
    return new Counted(
        ingress.accepted(),
        signature,
        all - signature - unavailable,
        unavailable,
        log.appendTime(),
        log.subscriptions(),
        log.bytesOnDisk(),
        log.bytesFree());
  }

  /** What was counted until a moment. */
  private record Counted(
      long accepted,
      long signature,
      long bad,
      long unavailable,
      Distribution appendTime,
      List<SubscriptionFigures> subscriptions,
      long onDisk,
      long free) {

    /** The values of a sample, by the columns of {@link Series}. */
    long[] since(Counted before) {
      long[] values = new long[Series.values().length];
      values[Series.ACCEPTED.column()] = accepted - before.accepted;
      values[Series.WRONG_SIGNATURE.column()] = signature - before.signature;
      values[Series.BAD_REQUEST.column()] = bad - before.bad;
      values[Series.UNAVAILABLE.column()] = unavailable - before.unavailable;
      values[Series.APPEND_TIME.column()] = percentile(before.appendTime);
      values[Series.ATTEMPTS.column()] = Math.max(0, attempts() - before.attempts());
      values[Series.FAILURES.column()] = Math.max(0, failures() - before.failures());
      for (SubscriptionFigures each : subscriptions) {
        values[Series.LAG.column()] += each.lag();
        values[Series.DUE.column()] += each.due();
        values[Series.DEAD_LETTERS.column()] += each.deadLetters();
      }
      values[Series.ON_DISK.column()] = onDisk;
      values[Series.FREE.column()] = free;
      return values;
    }

    private long attempts() {
      return subscriptions.stream()
          .flatMap(each -> each.attempts().counts().stream())
          .mapToLong(Long::longValue)
          .sum();
    }

    private long failures() {
      return subscriptions.stream().mapToLong(SubscriptionFigures::failures).sum();
    }

    /** The upper bound of the class that the percentile lies in, or 0 when nothing was appended. */
    private long percentile(Distribution before) {
      List<Long> counts = appendTime.counts();
      long[] since = new long[counts.size()];
      long all = 0;
      for (int index = 0; index < since.length; index++) {
        since[index] = counts.get(index) - before.counts().get(index);
        all += since[index];
      }
      long wanted = (long) Math.ceil(all * PERCENTILE);
      long seen = 0;
      for (int index = 0; index < since.length && all > 0; index++) {
        seen += since[index];
        if (seen >= wanted) {
          List<Double> bounds = appendTime.upTo();
          double bound =
              index < bounds.size()
                  ? bounds.get(index)
                  : bounds.stream().max(Comparator.naturalOrder()).orElse(0.0);
          return Math.round(bound * MICROSECONDS);
        }
      }
      return 0;
    }
  }

  private static Map<Series, Long> byName(long[] values) {
    Map<Series, Long> byName = new java.util.EnumMap<>(Series.class);
    for (Series series : Series.values()) {
      byName.put(series, values[series.column()]);
    }
    return byName;
  }
}
