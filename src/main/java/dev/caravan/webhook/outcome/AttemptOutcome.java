package dev.caravan.webhook.outcome;

import dev.caravan.log.subscription.Attempt;
import dev.caravan.logging.LinesAbout;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.spi.SynchronizationVetoable;
import org.apache.camel.util.ObjectHelper;

/**
 * Tells an attempt, once, how its exchange ended.
 *
 * <p>The exchange's completion counts; a step such as {@code seda} passes it on to the copy it
 * queues. The end of the first route counts only when nothing was passed on, or when that route
 * failed: the queued copy may then be lost (a full queue) or be only half of the work.
 */
public final class AttemptOutcome implements SynchronizationVetoable {
  /** The route that an attempt is made in. */
  interface Owner {
    /** The attempt has ended, whether the log was told how or not. */
    void isOver(AttemptOutcome outcome);

    /** Whether this route is being stopped or replaced, which may cut its work short. */
    boolean isEnding();

    /** Whether everything is being stopped, which may cut work short. */
    boolean isProgramEnding();

    /**
     * Whether all work still in progress is being cut off: its connections are closed under it, and
     * its failures mean nothing.
     */
    boolean isTimeUp();
  }

  private final Attempt attempt;
  private final LinesAbout lines;
  private final NoRetry noRetry;
  private final Owner owner;
  private final FailuresBeside failuresBeside;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile boolean handedOver;

  /**
   * @param lines the attempt's, since an exchange may end on a thread that no step ran on
   * @param noRetry tells which failures are for good
   * @param owner asked whether work may have been cut short
   */
  public AttemptOutcome(Attempt attempt, LinesAbout lines, NoRetry noRetry, Owner owner) {
    this.attempt = attempt;
    this.lines = lines;
    this.noRetry = noRetry;
    this.owner = owner;
    this.failuresBeside = new FailuresBeside(lines);
  }

  /** The failures in this attempt's work that are not its outcome. */
  public FailuresBeside failuresBeside() {
    return failuresBeside;
  }

  @Override
  public void onComplete(Exchange exchange) {
    // markRollbackOnly stops a route without an exception, and Camel calls that complete.
    if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
      fail(exchange, new IllegalStateException("The route marked its exchange for rollback"));
    } else if (tell()) {
      attempt.succeeded();
      failuresBeside.attemptEnded(null);
    }
  }

  @Override
  public void onFailure(Exchange exchange) {
    fail(exchange, exchange.getException());
  }

  @Override
  public boolean allowHandover() {
    return true;
  }

  @Override
  public void beforeHandover(Exchange target) {
    handedOver = true;
  }

  /** The consumer's route has ended with this exchange; some of the work may continue elsewhere. */
  public void routeEnded(Exchange exchange) {
    if (exchange.isFailed()) {
      onFailure(exchange);
    } else if (!handedOver || exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
      onComplete(exchange);
    }
  }

  /** The route is gone: its work no longer counts, even if it continues. */
  void cutOff() {
    if (tell()) {
      failuresBeside.attemptCutOff();
      lines.during(attempt::cutOff);
    }
  }

  /** Whether the outcome is yet to be told; true only once. */
  private boolean tell() {
    boolean first = told.compareAndSet(false, true);
    if (first) {
      owner.isOver(this);
    }
    return first;
  }

  private void fail(Exchange exchange, Throwable cause) {
    if (owner.isTimeUp() || (owner.isProgramEnding() && wasCutShort(cause))) {
      // Not the delivery's fault: the log is not told, and runs the attempt again at the next
      // start.
      failuresBeside.attemptCutOff();
      owner.isOver(this);
      return;
    }
    if (!tell()) {
      return;
    }
    failuresBeside.attemptEnded(cause);
    lines.during(
        () -> {
          if (owner.isEnding() && wasCutShort(cause)) {
            attempt.cutOff();
          } else if (noRetry.appliesTo(cause)) {
            attempt.failedForGood(FailsEveryTimeException.of(exchange, cause));
          } else {
            attempt.failed(cause);
          }
        });
  }

  private static boolean wasCutShort(Throwable cause) {
    return ObjectHelper.getException(InterruptedException.class, cause) != null
        || ObjectHelper.getException(RejectedExecutionException.class, cause) != null;
  }
}
