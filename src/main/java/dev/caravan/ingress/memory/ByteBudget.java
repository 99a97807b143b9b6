package dev.caravan.ingress.memory;

import dev.caravan.ingress.request.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Memory that bodies share. A complete body keeps what it needs until it is answered; one that is
 * still arriving takes more as it arrives.
 *
 * <p>Bodies that find it spent wait in line, smallest first. Meanwhile slow bodies give way, the
 * slowest first, and of two equally slow the one whose peer sends more bodies. No thread is
 * blocked: a waiter is called when its turn comes. Safe for use by many threads.
 *
 * <p>Growing bodies could each hold what the others need. So one gets more only if all that are
 * arriving could still be completed one after the other (the banker's algorithm).
 */
public final class ByteBudget {
  /** Nanoseconds that any body may take before it counts as slow. */
  private static final long MOMENT = 250_000_000;

  /**
   * Bytes that may always wait: a small budget must not turn away clients that it can serve in
   * turn.
   */
  private static final long LEAST_LINE = 2 << 20;

  public enum Outcome {
    TAKEN,
    IN_LINE,
    LINE_FULL
  }

  private final long total;
  private final Set<BodyShare> arriving = new LinkedHashSet<>();
  private final PeerShares peers = new PeerShares();
  private final TreeSet<BodyShare> line = new TreeSet<>(BodyShare.ORDER);
  private long free;
  private long heldInLine;
  private long numbers;

  ByteBudget(long total) {
    this.total = total;
    this.free = total;
  }

  /** All there is. A body that wants more takes all of it, alone. */
  long total() {
    return total;
  }

  /** Takes bytes for a complete body, unless somebody has to wait. */
  public synchronized boolean take(long bytes) {
    if (bytes > free || !line.isEmpty()) {
      return false;
    }
    free -= bytes;
    return true;
  }

  /** Gives bytes back. */
  public void release(long bytes) {
    serve(bytes);
  }

  /**
   * Takes more for a body that is arriving, or puts it in line.
   *
   * @param upTo how much it will have then
   * @param heldWhileWaiting how much of it is in memory while it waits
   */
  public Outcome grow(BodyShare share, long upTo, long heldWhileWaiting, long now) {
    List<Runnable> calls = new ArrayList<>();
    Outcome outcome = grow(share, upTo, heldWhileWaiting, now, calls);
    calls.forEach(Runnable::run);
    return outcome;
  }

  private synchronized Outcome grow(
      BodyShare share, long upTo, long heldWhileWaiting, long now, List<Runnable> calls) {
    if (arriving.add(share)) {
      peers.begins(share);
    }
    long bytes = upTo - share.held;
    share.rank = peers.held(share) + bytes;
    share.number = numbers++;
    boolean isFirst = line.isEmpty() || BodyShare.ORDER.compare(share, line.first()) < 0;
    // A body that has a part already goes first: it is complete sooner, and gives everything back.
    if ((isFirst || share.held > 0) && mayHave(share, bytes, 0)) {
      free -= bytes;
      peers.hold(share, bytes);
      return Outcome.TAKEN;
    }
    if (heldInLine + heldWhileWaiting > Math.max(total, LEAST_LINE) && !line.isEmpty()) {
      BodyShare last = line.last();
      if (BodyShare.ORDER.compare(share, last) > 0) {
        leave(share);
        return Outcome.LINE_FULL;
      }
      giveWay(last, Answer.BUSY, calls);
    }
    share.waits(bytes, now);
    share.heldWhileWaiting = heldWhileWaiting;
    heldInLine += heldWhileWaiting;
    line.add(share);
    makeRoom(now, calls);
    return Outcome.IN_LINE;
  }

  /**
   * Removes a body from the line and from those that are arriving. It keeps what it holds, and is
   * still told of what it was granted.
   */
  public void end(BodyShare share) {
    synchronized (this) {
      leave(share);
    }
    serve(0); // the next in line may want less
  }

  /** Makes slow bodies give way for those in line; call it again while one waits. */
  public void makeRoom(long now) {
    List<Runnable> calls = new ArrayList<>();
    synchronized (this) {
      makeRoom(now, calls);
    }
    calls.forEach(Runnable::run);
  }

  synchronized long free() {
    return free;
  }

  private void leave(BodyShare share) {
    if (line.remove(share)) {
      heldInLine -= share.heldWhileWaiting;
    }
    if (arriving.remove(share)) {
      peers.hold(share, -share.held);
      peers.ends(share);
    }
  }

  /**
   * @param expected bytes that will be free in a moment
   */
  private boolean mayHave(BodyShare share, long bytes, long expected) {
    long left = free + expected - bytes;
    return left >= 0
        && (bytes >= share.remaining() || Banker.canAllEnd(arriving, share, bytes, left));
  }

  private void serve(long released) {
    List<Runnable> calls = new ArrayList<>();
    synchronized (this) {
      free += released;
      if (line.isEmpty()) {
        return;
      }
      long now = System.nanoTime();
      serveThoseWithNothing(now, calls);
      serveThoseWithAPart(now, calls);
    }
    calls.forEach(Runnable::run);
  }

  private void serveThoseWithNothing(long now, List<Runnable> calls) {
    boolean isPartRefused = false; // asked only once, since the answer takes a while
    for (BodyShare share : line.toArray(BodyShare[]::new)) {
      boolean isPart = share.wanted < share.remaining();
      if (free > 0 && share.held == 0 && !(isPart && isPartRefused)) {
        isPartRefused |= !serve(share, now, calls) && isPart;
      }
    }
  }

  /** If any of them may continue, it is the one that needs least. */
  private void serveThoseWithAPart(long now, List<Runnable> calls) {
    BodyShare next;
    do {
      next = null;
      for (BodyShare share : line) {
        if (share.held > 0 && (next == null || share.remaining() < next.remaining())) {
          next = share;
        }
      }
    } while (next != null && serve(next, now, calls));
  }

  private boolean serve(BodyShare share, long now, List<Runnable> calls) {
    long bytes = share.wanted;
    if (share.isGivingWay || !mayHave(share, bytes, 0)) {
      return false;
    }
    line.remove(share);
    heldInLine -= share.heldWhileWaiting;
    free -= bytes;
    peers.hold(share, bytes);
    share.waitsNoMore(now);
    calls.add(() -> share.owner.granted(bytes));
    return true;
  }

  /** Makes as many give way as those in line need that are not slow themselves. */
  private void makeRoom(long now, List<Runnable> calls) {
    BodyShare first = null;
    long wanted = 0;
    for (BodyShare share : line) {
      if (!share.isGivingWay && !share.isSlow(now, MOMENT)) {
        first = first == null ? share : first;
        wanted = Math.min(total, wanted + share.wanted);
      }
    }
    if (first == null) {
      return;
    }
    long expected = 0;
    List<BodyShare> slow = new ArrayList<>();
    for (BodyShare share : arriving) {
      if (share.isGivingWay) {
        expected += share.held;
      } else if (share.held > 0 && share.isSlow(now, MOMENT)) {
        slow.add(share);
      }
    }
    slow.sort(Comparator.comparingDouble(share -> share.pace(now) / peers.bodies(share)));
    for (BodyShare share : slow) {
      if (free + expected >= wanted && mayHave(first, first.wanted, expected)) {
        return;
      }
      expected += share.held;
      giveWay(share, Answer.TOO_SLOW, calls);
    }
  }

  private static void giveWay(BodyShare share, Answer answer, List<Runnable> calls) {
    share.isGivingWay = true;
    calls.add(() -> share.owner.giveWay(answer));
  }
}
