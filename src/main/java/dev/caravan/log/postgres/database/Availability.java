package dev.caravan.log.postgres.database;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Since when the database does not do what it is asked. A failover takes seconds, in which requests
 * wait: only what lasts longer is a trouble. Safe for use by many threads.
 */
public final class Availability {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** From then on no attempt begins: what comes of it could not be written. */
  private static final long NO_ATTEMPTS_AFTER = TimeUnit.SECONDS.toNanos(2);

  /** From then on balancers are told: earlier, they would take out all nodes in a failover. */
  private static final long NOT_READY_AFTER = TimeUnit.SECONDS.toNanos(10);

  private final Runnable onRecovery;
  private final String meanwhile;
  private boolean failing;
  private boolean said;
  private long since;
  private String cause = "";

  /**
   * @param onRecovery called when the database can be written again
   * @param meanwhile what becomes of deliveries until then, for people
   */
  public Availability(Runnable onRecovery, String meanwhile) {
    this.onRecovery = onRecovery;
    this.meanwhile = meanwhile;
  }

  /** Something could not be written. */
  public synchronized void failed(SQLException failure) {
    long now = System.nanoTime();
    cause = ErrorSentence.of(failure);
    if (!failing) {
      failing = true;
      said = false;
      since = now;
    }
    if (!said && now - since >= NO_ATTEMPTS_AFTER) {
      said = true;
      LOG.error(
          "The delivery log's database cannot be written: {}. Deliveries wait for up to 8 s and are then {}; no route is given any until it can.",
          cause,
          meanwhile);
    }
  }

  /** Something was written. */
  public void succeeded() {
    synchronized (this) {
      if (!failing) {
        return;
      }
      failing = false;
      LOG.info(
          "The delivery log's database can be written again, after {} s.",
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since));
    }
    onRecovery.run();
  }

  /** Why no attempt may begin, or an empty text. */
  public String forAttempts() {
    return longerThan(NO_ATTEMPTS_AFTER);
  }

  /** Why this node should get no deliveries, or an empty text. */
  public String forBalancers() {
    return longerThan(NOT_READY_AFTER);
  }

  /** Whether it has not answered for so long. */
  public synchronized boolean isAwayFor(Duration time) {
    return isFailingFor(time.toNanos());
  }

  private synchronized String longerThan(long nanos) {
    return isFailingFor(nanos) ? "the delivery log's database cannot be written: " + cause : "";
  }

  private boolean isFailingFor(long nanos) {
    return failing && System.nanoTime() - since >= nanos;
  }

  /** What whoever waits in vain is told. */
  public synchronized LogUnavailableException unavailable() {
    return new LogUnavailableException(
        "The delivery log's database has not taken it in time"
            + (cause.isEmpty() ? "" : ": " + cause));
  }
}
