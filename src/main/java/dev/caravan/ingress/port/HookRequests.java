package dev.caravan.ingress.port;

import dev.caravan.config.OutOfMemory;
import dev.caravan.delivery.Delivery;
import dev.caravan.ingress.memory.BodyBudgets;
import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.AnswerCounts;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.ingress.request.OverdueAppends;
import dev.caravan.ingress.request.RequestSink;
import dev.caravan.ingress.signature.UnverifiedRequests;
import dev.caravan.ingress.signature.Verification;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the requests at the port: answers those whose body need not be read, reads the others,
 * and hands them to the receiving route.
 */
final class HookRequests implements Handler<HttpServerRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HookRequests.class);

  private static final byte[] NOTHING = {};

  private final CheckCaller caller;
  private final IngressSettings settings;
  private final ConnectionTimeouts limits;
  private final BodyBudgets budgets;
  private final OpenRequests inFlight;
  private final AnswerCounts counts;
  private final UnverifiedRequests refusals;
  private final OverdueAppends overdue;
  private final RequestSink intake;
  private final BooleanSupplier isUp;
  private final EventLoop loop;
  private final String pathWithSlash;

  HookRequests(
      CheckCaller caller,
      IngressSettings settings,
      ConnectionTimeouts limits,
      BodyBudgets budgets,
      OpenRequests inFlight,
      AnswerCounts counts,
      UnverifiedRequests refusals,
      OverdueAppends overdue,
      RequestSink intake,
      BooleanSupplier isUp,
      EventLoop loop) {
    this.caller = caller;
    this.settings = settings;
    this.limits = limits;
    this.budgets = budgets;
    this.inFlight = inFlight;
    this.counts = counts;
    this.refusals = refusals;
    this.overdue = overdue;
    this.intake = intake;
    this.isUp = isUp;
    this.loop = loop;
    this.pathWithSlash = settings.path().endsWith("/") ? settings.path() : settings.path() + "/";
  }

  @Override
  public void handle(HttpServerRequest request) {
    HookCall call = new HookCall(request, loop, inFlight, counts, limits);
    if (call.isTooLate()) {
      call.end();
      return;
    }
    try {
      receive(call, request);
    } catch (RuntimeException | OutOfMemoryError e) {
      OutOfMemory.endsProgram(e);
      HookRequest.lines(request.headers())
          .during(() -> LOG.error("A request could not be received; it was answered 503", e));
      call.refuse(Answer.NOT_STORED);
    }
  }

  private void receive(HookCall call, HttpServerRequest request) {
    Delivery.Encoding encoding = encoding(request.headers().getAll(HttpHeaders.CONTENT_TYPE));
    if (!call.hasRoom()) {
      call.refuse(Answer.BUSY);
    } else if (asksForHealth(request) && caller.mayAskForHealth(request)) {
      call.refuse(isUp.getAsBoolean() && !inFlight.isClosing() ? Answer.UP : Answer.DOWN);
    } else if (!caller.mayCall(request)) {
      call.refuse(Answer.NOT_ALLOWED);
    } else if (call.hasTooManyFields()) {
      call.refuse(Answer.HEAD_TOO_LARGE);
    } else if (!isHook(request.path())) {
      call.refuse(Answer.NOT_FOUND);
    } else if (inFlight.isClosing()) {
      call.refuse(Answer.CLOSING);
    } else if (overdue.areThere()) {
      call.refuse(Answer.OVERDUE);
    } else if (!request.method().equals(HttpMethod.POST)) {
      call.refuse(Answer.ONLY_POST);
    } else if (encoding == null) {
      call.refuse(Answer.WRONG_TYPE);
    } else {
      read(call, request, encoding);
    }
  }

  private void read(HookCall call, HttpServerRequest request, Delivery.Encoding encoding) {
    long declared = declaredLength(request);
    // A form without a length gets no more: it would be in memory twice while its array grows.
    int limit =
        encoding == Delivery.Encoding.FORM && declared >= 0
            ? settings.maxPayload() * IngressSettings.FORM_FACTOR
            : settings.maxPayload();
    if (declared > limit) {
      call.refuse(Answer.TOO_LARGE);
      return;
    }
    Instant receivedAt = Instant.now();
    if (!Verification.hasSignature(request.headers())) {
      refusals.wrongSignature(
          new HookRequest(request.headers(), encoding, receivedAt, NOTHING, loop));
      call.refuse(Answer.WRONG_SIGNATURE);
      return;
    }
    new BodyReader(
            call,
            loop,
            budgets,
            () -> caller.sender(request),
            declared,
            limit,
            settings.bodyTimeout(),
            limits.patience(),
            body ->
                take(call, new HookRequest(request.headers(), encoding, receivedAt, body, loop)))
        .start();
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
  }

  private void take(HookCall call, HookRequest request) {
    // A large body's signature and scan take milliseconds, for which the loop's other requests
    // would wait.
    if (request.body().length > BodyBudgets.SMALL) {
      loop.runOnWorker(() -> takeNow(call, request));
    } else {
      takeNow(call, request);
    }
  }

  private void takeNow(HookCall call, HookRequest request) {
    intake.take(request, answer -> loop.run(() -> call.answer(answer)));
  }

  private boolean asksForHealth(HttpServerRequest request) {
    return !settings.healthPath().isEmpty()
        && settings.healthPath().equals(request.path())
        && (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD));
  }

  private boolean isHook(@Nullable String path) {
    return settings.path().equals(path) || pathWithSlash.equals(path);
  }

  private static long declaredLength(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1; // reads until it ends or is too large
    }
  }

  /**
   * The encoding of a content type; null if unknown, or for two: a proxy may have read the other.
   */
  static Delivery.@Nullable Encoding encoding(List<String> contentTypes) {
    if (contentTypes.size() != 1) {
      return null;
    }
    String contentType = contentTypes.get(0);
    int parameters = contentType.indexOf(';');
    String type = (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
    if (type.equalsIgnoreCase("application/json")) {
      return Delivery.Encoding.JSON;
    }
    return type.equalsIgnoreCase("application/x-www-form-urlencoded")
        ? Delivery.Encoding.FORM
        : null;
  }
}
