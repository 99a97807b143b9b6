package dev.caravan.ingress.port;

import dev.caravan.ingress.memory.BodyBudgets;
import dev.caravan.ingress.memory.BodyShare;
import dev.caravan.ingress.memory.ByteBudget;
import dev.caravan.ingress.memory.GrowingBody;
import dev.caravan.ingress.request.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body, within its time, into memory that it takes bit by bit as bytes arrive.
 *
 * <p>A declared length alone takes no memory: a client that declares 25 MiB and sends a byte holds
 * a KiB. When others wait for memory, a slow body gives way and is answered 408.
 *
 * <p>While it waits for memory itself, the request is paused and its clock stands still.
 */
final class BodyReader implements HasDeadline, BodyShare.Owner {
  private static final int PAUSED = 64 * 1024;

  // What 256 KiB take over a slow line; when memory is short, a small body must not take longer.
  private static final long USUAL_FOR_SMALL = Duration.ofSeconds(1).toNanos();

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

  private final GrowingBody body;
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
    this.body = new GrowingBody(declared, limit);
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
    int needed = body.length() + chunk.length();
    if (needed > limit) {
      refuse(Answer.TOO_LARGE);
    } else if (needed <= body.capacity()) {
      body.append(chunk);
    } else if (needed == declared && body.length() == 0) {
      takeAll(chunk);
    } else {
      grow(needed, chunk);
    }
  }

  /** The usual case: the whole body came in one piece. */
  private void takeAll(Buffer chunk) {
    ByteBudget budget = budgets.forBody(chunk.length());
    long cost = budgets.cost(budget, chunk.length());
    if (budget.take(cost)) {
      call.holds(budget, cost);
      body.mayHave(chunk.length());
      body.append(chunk);
    } else {
      grow(chunk.length(), chunk);
    }
  }

  private void grow(int needed, Buffer chunk) {
    int larger = body.capacityFor(needed);
    Seat mine = seatFor(larger);
    long cost = budgets.cost(mine.budget(), larger);
    int charged = body.capacity() == 0 ? 0 : body.length();
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

  /** Its share of the right budget; a body that has outgrown the small half leaves that. */
  private Seat seatFor(int larger) {
    ByteBudget budget = budgets.forBody(larger);
    Seat mine = seat;
    if (mine != null && mine.budget() == budget) {
      return mine;
    }
    if (mine != null) {
      mine.budget().end(mine.share());
      call.release();
      body.mayHave(0);
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
    body.mayHave(larger);
    body.append(chunk);
  }

  @Override
  public long arrived() {
    return body.length();
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

  private void ended() {
    if (!done) {
      finish();
      call.arrived();
      complete.accept(body.take());
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
    body.drop();
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
