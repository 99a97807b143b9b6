package dev.caravan.ingress.port;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.delivery.Delivery;
import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.AnswerCounts;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.ingress.request.OverdueAppends;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.ingress.request.RequestSink;
import dev.caravan.ingress.request.RequestSource;
import dev.caravan.ingress.signature.UnverifiedRequests;
import dev.caravan.ingress.signature.Verification;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Requests that arrive through a route of the surrounding application. Its HTTP server has read
 * them: connections and slow bodies are up to that server.
 *
 * <p>Forms are not accepted: such a server turns them into fields, and the signed bytes are gone.
 */
public final class ApplicationRequests implements RequestSource, Processor {
  private static final Answer ONLY_JSON =
      new Answer(
          415,
          "Content type must be application/json, which is set where the hook is",
          RefusalReason.CONTENT_TYPE);
  private static final Answer FIELDS_IN_ADDRESS =
      new Answer(400, "GitHub's header fields must not be in the address", RefusalReason.MALFORMED);
  private static final long LONGEST_WAIT_SECONDS = 30;
  private static final Pattern FIELD = Pattern.compile("(?i)x-(?:github|hub)-|content-type");
  private static final String RETRY_AFTER = "Retry-After";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final IngressSettings settings;
  private final UnverifiedRequests refusals;
  private final OverdueAppends overdue;
  private final AnswerCounts counts;
  private volatile @Nullable RequestSink intake;
  private volatile boolean isClosing;

  public ApplicationRequests(
      IngressSettings settings,
      UnverifiedRequests refusals,
      OverdueAppends overdue,
      AnswerCounts counts) {
    this.settings = settings;
    this.refusals = refusals;
    this.overdue = overdue;
    this.counts = counts;
  }

  @Override
  public void start(RequestSink to) {
    intake = to;
    isClosing = false;
  }

  @Override
  public void drain() {
    isClosing = true; // requests under way hold a thread of the server, which waits for them
  }

  @Override
  public void resume() {
    isClosing = false;
  }

  @Override
  public void close() {
    intake = null;
  }

  @Override
  public int port() {
    return 0;
  }

  @Override
  public void process(Exchange exchange) throws InterruptedException {
    long startedAt = System.nanoTime();
    Answer answer = answer(exchange);
    counts.count(answer, startedAt);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, TEXT);
    if (answer.retryAfter() > 0) {
      message.setHeader(RETRY_AFTER, answer.retryAfter());
    }
    message.setBody(answer.text());
  }

  private Answer answer(Exchange exchange) throws InterruptedException {
    RequestSink to = intake;
    Message message = exchange.getMessage();
    MultiMap headers = headers(message);
    if (to == null || isClosing) {
      return Answer.CLOSING;
    }
    overdue.check(System.nanoTime()); // there is no event loop that would
    if (overdue.areThere()) {
      return Answer.OVERDUE;
    }
    if (HookRequests.encoding(headers.getAll(Exchange.CONTENT_TYPE)) != Delivery.Encoding.JSON) {
      return ONLY_JSON;
    }
    if (hasFieldsInAddress(message)) {
      return FIELDS_IN_ADDRESS;
    }
    byte[] body = message.getBody(byte[].class);
    HookRequest request =
        new HookRequest(
            headers,
            Delivery.Encoding.JSON,
            Instant.now(),
            body == null ? new byte[0] : body,
            Runnable::run);
    if (request.body().length > settings.maxPayload()) {
      return Answer.TOO_LARGE;
    }
    if (!Verification.hasSignature(headers)) {
      refusals.wrongSignature(request);
      return Answer.WRONG_SIGNATURE;
    }
    return taken(to, request);
  }

  private static Answer taken(RequestSink to, HookRequest request) throws InterruptedException {
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    to.take(request, answered::complete);
    try {
      return answered.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return Answer.NOT_STORED;
    }
  }

  /** Camel makes headers of a query's parameters, too, which would be taken for GitHub's. */
  private static boolean hasFieldsInAddress(Message message) {
    String query = message.getHeader(Exchange.HTTP_QUERY, "", String.class);
    try {
      return FIELD.matcher(URLDecoder.decode(query, UTF_8)).find();
    } catch (IllegalArgumentException e) {
      return true; // it may have some
    }
  }

  private static MultiMap headers(Message message) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    message
        .getHeaders()
        .forEach(
            (name, value) -> {
              if (value instanceof List<?> several) {
                several.forEach(each -> headers.add(name, String.valueOf(each)));
              } else if (value instanceof String text) {
                headers.add(name, text);
              }
            });
    return headers;
  }
}
