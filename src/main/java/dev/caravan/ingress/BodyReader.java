package dev.caravan.ingress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body into memory that it takes bit by bit, as bytes arrive, within its time.
 *
 * <p>Nothing is taken for a promise: a client that declares 25 MiB and sends a byte holds a KiB.
 * When others wait for memory, a body that arrives slowly gives way, and is answered 408.
 *
 * <p>While it waits for memory itself, the request is paused and its clock stands still.
 */
final class BodyReader implements HasDeadline, BodyShare.Owner {
  private static final byte[] NOTHING = {};
  private static final int LEAST = 1024;
  private static final int PAUSED = 64 * 1024;

  // What 256 KiB take over a slow line; when memory is short, a small body is not to take longer.
  private static final long USUAL_FOR_SMALL = Duration.ofSeconds(1).toNanos();

  // Once a quarter of what was declared is here, the rest is believed.
  private static final int BELIEVED = 4;

  private final HookCall call;
  private final HttpServerRequest request;
  private final EventLoop loop;
  private final BodyBudgets budgets;
  private final Supplier<Object> peer;
  private final long declared; // -1 when not said
  private final int limit;
  private final long timeout;
  private final long patience;
  private final Consumer<byte[]> complete;

  private byte[] bytes = NOTHING;
  private volatile int length;
  private int capacity;
  private long startedAt;
  private long waited;
  private @Nullable Seat seat;
  private @Nullable Wait wait;
  private boolean done;

  private record Seat(ByteBudget budget, BodyShare share) {}

  private record Wait(Buffer chunk, int capacity, long cost, long since) {}

  BodyReader(
      HookCall call,
      EventLoop loop,
      BodyBudgets budgets,
      Supplier<Object> peer,
      long declared,
      int limit,
      Duration timeout,
      Duration patience,
      Consumer<byte[]> complete) {
    this.call = call;
    this.request = call.request();
    this.loop = loop;
    this.budgets = budgets;
    this.peer = peer;
    this.declared = declared;
    this.limit = limit;
    this.timeout = timeout.toNanos();
    this.patience = patience.toNanos();
    this.complete = complete;
  }

  void start() {
    startedAt = System.nanoTime();
    request.handler(this::arrived);
    request.endHandler(ignored -> ended());
    request.exceptionHandler(ignored -> clientGone());
    loop.watch(this);
  }

  private void arrived(Buffer chunk) {
    if (done) {
      return;
    }
    call.bodyArrives(chunk.length());
    int needed = length + chunk.length();
    if (needed > limit) {
      refuse(Answer.TOO_LARGE);
    } else if (needed <= capacity) {
      append(chunk);
    } else if (needed == declared && length == 0) {
      takeAll(chunk);
    } else {
      grow(needed, chunk);
    }
  }

  /** The usual case: it came in one piece. */
  private void takeAll(Buffer chunk) {
    ByteBudget budget = budgets.forBody(chunk.length());
    long cost = budgets.cost(budget, chunk.length());
    if (budget.take(cost)) {
      call.holds(budget, cost);
      capacity = chunk.length();
      append(chunk);
    } else {
      grow(chunk.length(), chunk);
    }
  }

  private void grow(int needed, Buffer chunk) {
    int larger = capacity(needed);
    Seat mine = seatFor(larger);
    long cost = budgets.cost(mine.budget(), larger);
    int charged = capacity == 0 ? 0 : length;
    long mostToCome = (declared < 0 ? limit : declared) - charged;
    long inMemory = Math.min(mostToCome, needed - charged + PAUSED);
    long now = System.nanoTime();
    switch (mine.budget().grow(mine.share(), cost, inMemory, now)) {
      case TAKEN -> grown(larger, cost, chunk);
      case IN_LINE -> {
        wait = new Wait(chunk, larger, cost, now);
        request.pause();
      }
      case LINE_FULL -> refuse(Answer.BUSY);
    }
  }

  /** Its share of the right budget: one that outgrew the small half has none there any more. */
  private Seat seatFor(int larger) {
    ByteBudget budget = budgets.forBody(larger);
    Seat mine = seat;
    if (mine != null && mine.budget() == budget) {
      return mine;
    }
    if (mine != null) {
      mine.budget().end(mine.share());
      call.release();
      capacity = 0;
    }
    long expected = declared < 0 ? limit : declared;
    boolean isSmall = budget == budgets.small();
    BodyShare share =
        new BodyShare(
            this,
            peer.get(),
            budgets.cost(budget, isSmall ? Math.min(expected, BodyBudgets.SMALL) : expected),
            isSmall ? BodyBudgets.SMALL : expected,
            isSmall ? Math.min(USUAL_FOR_SMALL, timeout) : timeout,
            startedAt + waited);
    Seat taken = new Seat(budget, share);
    seat = taken;
    return taken;
  }

  private void grown(int larger, long cost, Buffer chunk) {
    if (seat != null) {
      call.holds(seat.budget(), cost);
    }
    capacity = larger;
    append(chunk);
  }

  @Override
  public long arrived() {
    return length;
  }

  @Override
  public void granted(long more) {
    loop.execute(() -> goOn(more));
  }

  private void goOn(long more) {
    Wait over = wait;
    if (over == null || done) {
      if (seat != null) {
        seat.budget().release(more);
      }
      return;
    }
    wait = null;
    waited += System.nanoTime() - over.since();
    grown(over.capacity(), over.cost(), over.chunk());
    request.resume();
  }

  @Override
  public void giveWay(Answer answer) {
    loop.execute(
        () -> {
          if (!done) {
            refuse(answer);
          }
        });
  }

  private void append(Buffer chunk) {
    int needed = length + chunk.length();
    if (length == 0 && needed == declared) {
      bytes = chunk.getBytes();
    } else {
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, capacity);
      }
      chunk.getBytes(bytes, length);
    }
    length = needed;
  }

  /** How large the array is to be for that much. */
  private int capacity(int needed) {
    if (needed <= declared && declared <= (long) BELIEVED * needed) {
      return (int) declared;
    }
    int doubled = Integer.highestOneBit(Math.max(needed - 1, LEAST - 1)) << 1;
    return Math.min(doubled, limit);
  }

  private void ended() {
    if (!done) {
      finish();
      call.arrived();
      complete.accept(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
      bytes = NOTHING;
    }
  }

  @Override
  public void check(long now) {
    Wait waiting = wait;
    if (waiting == null) {
      if (now - startedAt - waited > timeout) {
        refuse(Answer.TOO_SLOW);
      }
    } else if (now - waiting.since() > patience) {
      refuse(Answer.BUSY);
    } else if (seat != null) {
      seat.budget().makeRoom(now);
    }
  }

  private void refuse(Answer answer) {
    finish();
    bytes = NOTHING;
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
    if (seat != null) {
      seat.budget().end(seat.share());
    }
  }
}
