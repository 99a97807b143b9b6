package dev.caravan.ingress;

import dev.caravan.logging.LinesAbout;
import dev.caravan.secrets.SigningSecrets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains to the operator why requests are answered 403, and keeps the newest of them.
 *
 * <p>Anyone can have a request refused, so the work is bounded: one thread that nobody waits for, a
 * short queue, and so many bytes of HMAC a second. What is too much is counted, and no more.
 */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.ingress.refused");
  private static final int QUEUE = 64;
  private static final long QUEUE_BYTES = 4L << 20;
  private static final int LARGEST_BODY = 1024 * 1024;
  private static final long HMAC_BYTES_A_SECOND = 32L << 20;
  private static final long MOST_HMAC_BYTES = 256L << 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final SigningSecrets secrets;
  private final ExplainRefusal explain;
  private final RefusedRing ring;
  private final AtomicLong waiting = new AtomicLong();
  private final LongAdder count = new LongAdder();
  private final SparingLog recognised =
      new SparingLog(LOG, Duration.ofSeconds(10), "A delivery was refused with 403: {}.");
  private final SparingLog unknown =
      new SparingLog(LOG, Duration.ofMinutes(1), "A request was refused with 403: {}.");
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          0,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          work -> {
            Thread thread = new Thread(work, "refused-requests");
            thread.setDaemon(true);
            return thread;
          });
  // By the worker only.
  private long lookedAt = System.nanoTime();
  private long available = HMAC_BYTES_A_SECOND;

  Refusals(SigningSecrets secrets, ExplainRefusal explain, RefusedRing ring) {
    this.secrets = secrets;
    this.explain = explain;
    this.ring = ring;
  }

  /** Takes note of a request whose signature does not match. Never blocks. */
  void wrongSignature(HookRequest request) {
    note(request, null);
  }

  /** Takes note of a request that a secret signed which may not sign it; the reason says which. */
  void outOfScope(HookRequest request, String reason) {
    note(request, reason);
  }

  /** How many requests have been answered 403. */
  long count() {
    return count.sum();
  }

  /** Those that are kept, the newest first. */
  List<RefusedRequest> kept() {
    List<RefusedRing.Kept> all = ring.all();
    Collections.reverse(all);
    return all.stream().map(RefusedRing.Kept::shown).toList();
  }

  private void note(HookRequest request, @Nullable String reason) {
    count.increment();
    int bytes = request.body().length;
    if (bytes > LARGEST_BODY || worker.getQueue().remainingCapacity() == 0) {
      return;
    }
    if (waiting.addAndGet(bytes) > QUEUE_BYTES) {
      waiting.addAndGet(-bytes);
      return;
    }
    HookRequest own = request.detached();
    try {
      worker.execute(
          () -> {
            waiting.addAndGet(-bytes);
            keep(own, reason);
          });
    } catch (RejectedExecutionException e) {
      waiting.addAndGet(-bytes); // too many at once: counted, and no more
    }
  }

  private void keep(HookRequest request, @Nullable String reason) {
    ExplainRefusal.Explanation found =
        reason == null ? explanation(request) : new ExplainRefusal.Explanation(true, reason);
    LinesAbout lines = request.lines();
    RefusedRequest shown =
        new RefusedRequest(
            request.receivedAt(),
            lines.guid(),
            lines.event(),
            request.body().length,
            found.isRecognised(),
            found.sentence());
    ring.add(new RefusedRing.Kept(request, shown));
    lines.during(() -> (found.isRecognised() ? recognised : unknown).warn(found.sentence()));
  }

  private ExplainRefusal.Explanation explanation(HookRequest request) {
    String headers = ExplainRefusal.headers(request);
    if (headers != null) {
      return new ExplainRefusal.Explanation(false, headers);
    }
    var inForce = secrets.inForce();
    if (!maySpend(ExplainRefusal.cost(request, inForce))) {
      return new ExplainRefusal.Explanation(
          false, "its signature does not match; too many such requests to look into each");
    }
    return explain.explain(request, inForce);
  }

  /** One that costs more than a second has leaves a debt, which the next have to wait for. */
  private boolean maySpend(long bytes) {
    long now = System.nanoTime();
    double earned = (double) (now - lookedAt) / SECOND * HMAC_BYTES_A_SECOND;
    lookedAt = now;
    available = (long) Math.min(HMAC_BYTES_A_SECOND, available + earned);
    boolean may = available > 0 && bytes <= MOST_HMAC_BYTES;
    available -= may ? bytes : 0;
    return may;
  }
}
