package dev.caravan.ingress.request;

import dev.caravan.wording.Count;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when the log has written nothing for longer than GitHub waits, because a flush hangs for
 * instance. The sender has gone by then, and later deliveries would wait in vain, too. Safe for use
 * by many threads.
 */
public final class OverdueAppends {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.ingress");

  private final long longest;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean overdue = new AtomicBoolean();
  private volatile long lastProgress = System.nanoTime();

  public OverdueAppends(Duration longest) {
    this.longest = longest.toNanos();
  }

  public void began() {
    if (waiting.get() == 0) {
      lastProgress = System.nanoTime(); // first, or idle time would count
    }
    waiting.incrementAndGet();
  }

  public void ended() {
    lastProgress = System.nanoTime();
    waiting.decrementAndGet();
  }

  /** Whether new requests must be turned away; as of the last {@link #check}. */
  public boolean areThere() {
    return overdue.get();
  }

  /** To be called a few times a second; logs when it begins and when it is over. */
  public void check(long now) {
    long since = now - lastProgress;
    boolean isOverdue = waiting.get() > 0 && since > longest;
    if (overdue.compareAndSet(!isOverdue, isOverdue)) {
      if (isOverdue) {
        LOG.error(
            "The delivery log has written nothing for {} seconds, longer than GitHub waits; waiting: {}."
                + " New ones are answered 503 until it does: look at the disk of the data directory.",
            since / 1_000_000_000,
            Count.of(waiting.get(), "delivery"));
      } else {
        LOG.warn("The delivery log writes again, and new deliveries are accepted.");
      }
    }
  }
}
