package dev.caravan.log.postgres.database;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Since when writing to the database has failed, for each part: one may still work when another
 * does not, as on a full disk. During a failover of seconds requests wait: only what lasts longer
 * is reported as trouble. Safe for use by many threads.
 */
public final class Availability {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** After this no attempt begins: its outcome could not be written. */
  private static final long NO_ATTEMPTS_AFTER = TimeUnit.SECONDS.toNanos(2);

  /** After this balancers are told: earlier, they would take out all nodes in a failover. */
  private static final long NOT_READY_AFTER = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier nanos;
  private final Runnable onRecovery;
  private final String meanwhile;
  private final Map<Part, Failing> failing = new EnumMap<>(Part.class);
  private boolean said;
  private long since;

  /** What writes. */
  public enum Part {
    /** Deliveries. */
    APPENDS,
    /** The outcomes of attempts. */
    OUTCOMES,
    /** The lease and the state of this node. */
    NODE
  }

  private record Failing(long since, String cause) {}

  /**
   * @param onRecovery called when the database can be written again
   * @param meanwhile what becomes of deliveries until then, as the beginning of a sentence
   */
  public Availability(Runnable onRecovery, String meanwhile) {
    this(onRecovery, meanwhile, System::nanoTime);
  }

  Availability(Runnable onRecovery, String meanwhile, LongSupplier nanos) {
    this.nanos = nanos;
    this.onRecovery = onRecovery;
    this.meanwhile = meanwhile;
  }

  /** Something could not be written. */
  public synchronized void failed(Part part, SQLException failure) {
    long now = nanos.getAsLong();
    Failing before = failing.get(part);
    if (failing.isEmpty()) {
      since = now;
    }
    failing.put(
        part, new Failing(before == null ? now : before.since(), ErrorSentence.of(failure)));
    if (!said && hasFailedFor(NO_ATTEMPTS_AFTER)) {
      said = true;
      LOG.error(
          "The delivery log's database cannot be written: {}. {}; no route is given any until it can.",
          cause(),
          meanwhile);
    }
  }

  /** Something was written, or there is nothing to write. */
  public void succeeded(Part part) {
    synchronized (this) {
      if (failing.remove(part) == null || !failing.isEmpty()) {
        return;
      }
      if (said) {
        said = false;
        LOG.info(
            "The delivery log's database can be written again, after {} s.",
            TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - since));
      }
    }
    onRecovery.run();
  }

  /** Whether its last write failed. */
  public synchronized boolean isFailing(Part part) {
    return failing.containsKey(part);
  }

  /** Why no attempt may begin; empty when they may. */
  public String forAttempts() {
    return longerThan(NO_ATTEMPTS_AFTER);
  }

  /** Why a balancer should send this node no deliveries; empty when it should. */
  public String forBalancers() {
    return longerThan(NOT_READY_AFTER);
  }

  /** Whether deliveries could not be appended for this long. */
  public synchronized boolean isAwayFor(Duration time) {
    return hasFailedFor(Part.APPENDS, time.toNanos()) || hasFailedFor(Part.NODE, time.toNanos());
  }

  private synchronized String longerThan(long time) {
    return hasFailedFor(time) ? "the delivery log's database cannot be written: " + cause() : "";
  }

  private boolean hasFailedFor(long time) {
    return failing.keySet().stream().anyMatch(part -> hasFailedFor(part, time));
  }

  private boolean hasFailedFor(Part part, long time) {
    Failing found = failing.get(part);
    return found != null && nanos.getAsLong() - found.since() >= time;
  }

  /** The failure for a caller that has waited in vain. */
  public synchronized LogUnavailableException unavailable() {
    return new LogUnavailableException(
        "The delivery log's database did not accept it in time"
            + (failing.isEmpty() ? "" : ": " + cause()));
  }

  /** The cause of the first part that fails, deliveries before others: they matter most. */
  private String cause() {
    return failing.values().iterator().next().cause();
  }
}
