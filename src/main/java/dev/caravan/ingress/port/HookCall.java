package dev.caravan.ingress.port;

import dev.caravan.ingress.memory.ByteBudget;
import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.AnswerCounts;
import dev.caravan.network.ConnectionClock;
import dev.caravan.network.StrictHttp;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to its answer: the memory it holds, and how it ends. Used on its event
 * loop only.
 */
final class HookCall {
  private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");
  private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
  private static final CharSequence ALLOW = HttpHeaders.createOptimized("Allow");

  private final HttpServerRequest request;
  private final EventLoop loop;
  private final OpenRequests inFlight;
  private final AnswerCounts counts;
  private final ConnectionClock clock;
  private final long linger;
  private final long startedAt = System.nanoTime();

  private @Nullable ByteBudget budget;
  private long held;
  private boolean over;
  private boolean hasArrived;
  private boolean isBesideOthers;

  HookCall(
      HttpServerRequest request,
      EventLoop loop,
      OpenRequests inFlight,
      AnswerCounts counts,
      ConnectionTimeouts limits) {
    this.request = request;
    this.loop = loop;
    this.inFlight = inFlight;
    this.counts = counts;
    this.linger = limits.linger().toNanos();
    this.clock = ConnectionClock.of(request.connection());
    clock.requestStarted();
    inFlight.started();
  }

  HttpServerRequest request() {
    return request;
  }

  /** Whether it came after a request whose answer ended the connection. */
  boolean isTooLate() {
    return clock.hasSaidClose();
  }

  /**
   * Whether there is room for its head. Beside other requests on its connection it counts like
   * another connection; HTTP/1 has no such requests.
   */
  boolean hasRoom() {
    if (isHttp1() || clock.requests() == 1) {
      return true;
    }
    isBesideOthers = clock.takesAnother();
    return isBesideOthers;
  }

  /** Whether its head has too many fields; those of HTTP/1 are counted while they arrive. */
  boolean hasTooManyFields() {
    return !isHttp1() && request.headers().entries().size() > StrictHttp.MOST_FIELDS;
  }

  /** So many bytes of its body have arrived. */
  void bodyArrives(int bytes) {
    clock.bodyArrives(bytes);
  }

  /** Its whole body has arrived. */
  void arrived() {
    hasArrived = true;
    clock.requestArrived();
  }

  /** Notes that bytes of a budget were taken for this call; they go back when it ends. */
  void holds(ByteBudget taken, long bytes) {
    budget = taken;
    held = bytes;
  }

  /** Gives back what it holds. */
  void release() {
    ByteBudget from = budget;
    if (from != null) {
      budget = null;
      from.release(held);
    }
  }

  /** Answers a request that has been read to its end, unless its client has gone. */
  void answer(Answer answer) {
    HttpServerResponse response = request.response();
    if (!over && !response.ended() && !response.closed()) {
      count(answer);
      head(response, answer);
      if (!inFlight.endConnections()) {
        response.end(answer.text());
      } else if (isHttp1()) {
        sayClose(response);
        response.end(answer.text()).onComplete(ignored -> request.connection().close());
      } else {
        response.end(answer.text());
        clock.sendAway();
      }
    }
    end();
  }

  /**
   * Answers without waiting for the body. The rest of it is read and thrown away for a moment:
   * closing a socket with unread bytes resets it, and the client would never see the answer.
   */
  void refuse(Answer answer) {
    if (!hasBody() || request.isEnded()) {
      answer(answer);
      return;
    }
    release();
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      end();
      return;
    }
    count(answer);
    head(response, answer);
    if (isHttp1()) {
      sayClose(response);
    }
    if (isHttp1() && !request.method().equals(HttpMethod.HEAD)) {
      // For the client it is complete; ending it here would make Vert.x close the connection at
      // once.
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.text().length()));
      response.write(answer.text());
    } else {
      response.end(answer.text());
      if (inFlight.endConnections()) {
        clock.sendAway(); // does nothing after the answer to an HTTP/1 HEAD
      }
    }
    new Farewell().start();
  }

  /** Ends a call, also when its client has gone. */
  void end() {
    if (!over) {
      over = true;
      release();
      clock.requestEnded(hasArrived);
      if (isBesideOthers) {
        clock.givesBack();
      }
      inFlight.ended();
    }
  }

  private void count(Answer answer) {
    if (answer.isCounted()) {
      counts.count(answer, startedAt);
    }
  }

  private static void head(HttpServerResponse response, Answer answer) {
    response.setStatusCode(answer.status()).putHeader(HttpHeaders.CONTENT_TYPE, TEXT);
    if (answer.retryAfter() > 0) {
      response.putHeader(RETRY_AFTER, Integer.toString(answer.retryAfter()));
    }
    if (answer.status() == Answer.ONLY_POST.status()) {
      response.putHeader(ALLOW, "POST");
    }
  }

  private void sayClose(HttpServerResponse response) {
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    clock.saidClose();
  }

  private boolean hasBody() {
    if (!isHttp1() || request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return true;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && !length.equals("0");
  }

  private boolean isHttp1() {
    return request.version() != HttpVersion.HTTP_2;
  }

  /** The end of a refused request: throws its body away until it ends or time is up. */
  private final class Farewell implements HasDeadline {
    private final long until = System.nanoTime() + linger;

    void start() {
      loop.watch(this);
      request.handler(chunk -> {});
      request.endHandler(ignored -> finish());
      request.exceptionHandler(ignored -> finish());
      request.resume();
    }

    @Override
    public void check(long now) {
      if (now - until >= 0) {
        finish();
      }
    }

    private void finish() {
      if (over) {
        return;
      }
      loop.unwatch(this);
      end();
      HttpServerResponse response = request.response();
      if (!isHttp1()) {
        if (!request.isEnded()) {
          response.reset(0);
        }
      } else if (response.ended() || response.closed()) {
        request.connection().close();
      } else {
        response.end().onComplete(ignored -> request.connection().close());
      }
    }
  }
}
