package dev.caravan.ingress.signature;

import dev.caravan.ingress.request.HookRequest;
import dev.caravan.logging.LinesAbout;
import dev.caravan.logging.OccasionalWarning;
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
 * short queue, and a limited number of HMAC bytes a second. What exceeds that is only counted.
 */
public final class UnverifiedRequests {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.ingress.refused");
  private static final int QUEUE = 64;
  private static final long QUEUE_BYTES = 4L << 20;
  private static final int LARGEST_BODY = 1024 * 1024;
  private static final long HMAC_BYTES_A_SECOND = 32L << 20;
  private static final long MOST_HMAC_BYTES = 256L << 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final SigningSecrets secrets;
  private final SignatureDiagnosis explain;
  private final UnverifiedRing ring;
  private final AtomicLong waiting = new AtomicLong();
  private final LongAdder count = new LongAdder();
  private final OccasionalWarning recognised =
      new OccasionalWarning(LOG, Duration.ofSeconds(10), "A delivery was refused with 403: {}.");
  private final OccasionalWarning unknown =
      new OccasionalWarning(LOG, Duration.ofMinutes(1), "A request was refused with 403: {}.");
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
  // Used by the worker only.
  private long lookedAt = System.nanoTime();
  private long available = HMAC_BYTES_A_SECOND;

  public UnverifiedRequests(
      SigningSecrets secrets, SignatureDiagnosis explain, UnverifiedRing ring) {
    this.secrets = secrets;
    this.explain = explain;
    this.ring = ring;
  }

  /** Takes note of a request whose signature does not match. Never blocks. */
  public void wrongSignature(HookRequest request) {
    note(request, null);
  }

  /** Takes note of a request signed with a secret that may not sign it; the reason says which. */
  public void outOfScope(HookRequest request, String reason) {
    note(request, reason);
  }

  /** How many requests were answered 403 for their signature. */
  public long count() {
    return count.sum();
  }

  /** The kept ones, the newest first. */
  public List<UnverifiedRequest> kept() {
    List<UnverifiedRing.Kept> all = ring.all();
    Collections.reverse(all);
    return all.stream().map(UnverifiedRing.Kept::shown).toList();
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
    SignatureDiagnosis.Explanation found =
        reason == null ? explanation(request) : new SignatureDiagnosis.Explanation(true, reason);
    LinesAbout lines = request.lines();
    UnverifiedRequest shown =
        new UnverifiedRequest(
            request.receivedAt(),
            lines.guid(),
            lines.event(),
            request.body().length,
            found.isRecognised(),
            found.sentence());
    ring.add(new UnverifiedRing.Kept(request, shown));
    lines.during(() -> (found.isRecognised() ? recognised : unknown).warn(found.sentence()));
  }

  private SignatureDiagnosis.Explanation explanation(HookRequest request) {
    String headers = SignatureDiagnosis.headers(request);
    if (headers != null) {
      return new SignatureDiagnosis.Explanation(false, headers);
    }
    var inForce = secrets.inForce();
    if (!maySpend(SignatureDiagnosis.cost(request, inForce))) {
      return new SignatureDiagnosis.Explanation(
          false, "its signature does not match; too many such requests to look into each");
    }
    return explain.explain(request, inForce);
  }

  /** A request that costs more than a second's bytes leaves a debt, for which later ones wait. */
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
