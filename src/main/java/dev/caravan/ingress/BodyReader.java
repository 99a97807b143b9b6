package dev.caravan.ingress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body into memory that it has asked for, within its time.
 *
 * <p>Memory is asked for when bytes are there to be put into it, never for a promise: a client that
 * declares 25 MiB and sends nothing holds nothing. It is asked for once and for the whole body,
 * because two half-read bodies that each wait for what the other holds would both fail. A client
 * that sends a first byte and no more is dealt with by pace: while others wait for the same memory,
 * a body must arrive at half the speed at least that its time allows.
 *
 * <p>While it waits, the request is paused and its clock stands still.
 */
final class BodyReader implements Watched, ByteBudget.Waiter {
  private static final byte[] NOTHING = {};
  private static final int LEAST = 1024;
  private static final int PAUSED = 64 * 1024;

  // A small body's share at half speed comes with its first packets; a large one's needs some round
  // trips until the sender is up to speed.
  private static final long HEAD_START_SMALL = Duration.ofMillis(500).toNanos();
  private static final long HEAD_START_LARGE = Duration.ofSeconds(1).toNanos();

  private final Call call;
  private final HttpServerRequest request;
  private final Loop loop;
  private final BodyBudgets budgets;
  private final long declared; // -1 when not said
  private final int limit;
  private final long timeout;
  private final long patience;
  private final Consumer<byte[]> complete;

  private byte[] bytes = NOTHING;
  private int length;
  private long reserved;
  private long deadline;
  private long grantedAt;
  private @Nullable Wait wait;
  private boolean done;

  private record Wait(Buffer chunk, ByteBudget budget, long cost, long reservation, long since) {}

  BodyReader(
      Call call,
      Loop loop,
      BodyBudgets budgets,
      long declared,
      int limit,
      Duration timeout,
      Duration patience,
      Consumer<byte[]> complete) {
    this.call = call;
    this.request = call.request();
    this.loop = loop;
    this.budgets = budgets;
    this.declared = declared;
    this.limit = limit;
    this.timeout = timeout.toNanos();
    this.patience = patience.toNanos();
    this.complete = complete;
  }

  void start() {
    deadline = System.nanoTime() + timeout;
    request.handler(this::arrived);
    request.endHandler(ignored -> ended());
    request.exceptionHandler(ignored -> clientGone());
    loop.watch(this);
  }

  private void arrived(Buffer chunk) {
    if (done) {
      return;
    }
    int needed = length + chunk.length();
    if (needed > limit) {
      refuse(Answer.TOO_LARGE);
    } else if (needed <= reserved) {
      append(chunk);
    } else {
      reserve(needed, chunk);
    }
  }

  private void reserve(int needed, Buffer chunk) {
    long reservation =
        needed <= declared ? declared : needed <= BodyBudgets.SMALL ? BodyBudgets.SMALL : limit;
    ByteBudget budget = budgets.forBody(reservation);
    long cost = Math.min(reservation * BodyBudgets.COPIES, budget.total());
    // One that outgrew the small half does not keep its place there while it waits for the other.
    call.release();
    // A paused connection still brings what was on its way: up to that much.
    long held = Math.min(reservation, needed + PAUSED);
    switch (budget.take(cost, held, this)) {
      case TAKEN -> reserved(budget, cost, reservation, chunk);
      case IN_LINE -> {
        wait = new Wait(chunk, budget, cost, reservation, System.nanoTime());
        request.pause();
      }
      case LINE_FULL -> refuse(Answer.BUSY);
    }
  }

  private void reserved(ByteBudget budget, long cost, long reservation, Buffer chunk) {
    call.holds(budget, cost);
    reserved = reservation;
    grantedAt = System.nanoTime();
    append(chunk);
  }

  /** By any thread. */
  @Override
  public void granted() {
    loop.execute(this::goOn);
  }

  private void goOn() {
    Wait over = wait;
    if (over == null) {
      return;
    }
    wait = null;
    if (done) {
      over.budget().release(over.cost());
      return;
    }
    deadline += System.nanoTime() - over.since();
    reserved(over.budget(), over.cost(), over.reservation(), over.chunk());
    request.resume();
  }

  private void append(Buffer chunk) {
    int needed = length + chunk.length();
    if (length == 0 && needed == declared) {
      bytes = chunk.getBytes(); // the usual case: it came in one piece
    } else {
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, capacity(needed));
      }
      chunk.getBytes(bytes, length);
    }
    length = needed;
  }

  /** How large the array is to be: exact when that is known. */
  private int capacity(int needed) {
    if (needed <= declared) {
      return (int) declared;
    }
    int doubled = Integer.highestOneBit(Math.max(needed - 1, LEAST - 1)) << 1;
    return Math.min(doubled, limit);
  }

  private void ended() {
    if (!done) {
      finish();
      complete.accept(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
      bytes = NOTHING;
    }
  }

  @Override
  public void look(long now) {
    Wait waiting = wait;
    if (waiting != null) {
      if (now - waiting.since() > patience) {
        refuse(Answer.BUSY);
      }
    } else if (now - deadline > 0 || isHoldingUpOthers(now)) {
      refuse(Answer.TOO_SLOW);
    }
  }

  private boolean isHoldingUpOthers(long now) {
    ByteBudget budget = budgets.forBody(reserved);
    long elapsed = now - grantedAt;
    return reserved > 0
        && elapsed > (budget == budgets.small() ? HEAD_START_SMALL : HEAD_START_LARGE)
        && length < (double) reserved * elapsed / timeout / 2
        && budget.isAwaited();
  }

  private void refuse(Answer answer) {
    finish();
    request.resume();
    call.refuse(answer);
  }

  private void clientGone() {
    if (!done) {
      finish();
      call.end();
    }
  }

  private void finish() {
    done = true;
    loop.unwatch(this);
    Wait waiting = wait;
    if (waiting != null) {
      waiting.budget().leave(this);
    }
  }
}
