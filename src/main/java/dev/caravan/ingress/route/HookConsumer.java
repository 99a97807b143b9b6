package dev.caravan.ingress.route;

import dev.caravan.config.OutOfMemory;
import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.ingress.request.Rejected;
import dev.caravan.ingress.request.RequestSink;
import dev.caravan.ingress.request.RequestSource;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.support.DefaultConsumer;

/**
 * Runs the receiving route for each request on the thread that brings it, usually the connection's
 * event loop. Camel's own consumer would hold a worker thread until the route ends.
 *
 * <p>The port is open while this consumer is started. The answer is the message's body: an {@link
 * Answer}, or a text with {@code CamelHttpResponseCode} beside it. No header of the message becomes
 * one of the answer.
 */
final class HookConsumer extends DefaultConsumer
    implements PlatformHttpConsumer, Suspendable, RequestSink {
  private final RequestSource server;
  private final WaitingSenders waiting;

  HookConsumer(
      PlatformHttpEndpoint endpoint,
      Processor processor,
      RequestSource server,
      WaitingSenders waiting) {
    super(endpoint, processor);
    this.server = server;
    this.waiting = waiting;
  }

  @Override
  public PlatformHttpEndpoint getEndpoint() {
    return (PlatformHttpEndpoint) super.getEndpoint();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    server.start(this);
  }

  @Override
  protected void doSuspend() throws Exception {
    server.drain();
    super.doSuspend();
  }

  @Override
  protected void doResume() throws Exception {
    super.doResume();
    server.resume();
  }

  @Override
  protected void doStop() throws Exception {
    server.close();
    super.doStop();
  }

  @Override
  public void take(HookRequest request, Consumer<Answer> answered) {
    Exchange exchange = createExchange(false);
    waiting.came();
    try {
      exchange.setPattern(ExchangePattern.InOut);
      exchange.setIn(new HookMessage(exchange, request));
      createUoW(exchange);
      getAsyncProcessor().process(exchange, doneSync -> end(exchange, answered));
    } catch (Exception | Error e) {
      OutOfMemory.endsProgram(e);
      // An exception of the route engine, not of a step. The client gets its answer all the same.
      getExceptionHandler().handleException("The receiving route failed", exchange, e);
      exchange.setException(e);
      end(exchange, answered);
    }
  }

  private void end(Exchange exchange, Consumer<Answer> answered) {
    Answer answer = answer(exchange);
    waiting.answered();
    try {
      doneUoW(exchange);
      releaseExchange(exchange, false);
    } finally {
      answered.accept(answer);
    }
  }

  /** The exchange has an exception only if the route's own error handling failed. */
  private static Answer answer(Exchange exchange) {
    Throwable failure = exchange.getException();
    if (failure != null) {
      return failure instanceof Rejected rejected ? rejected.answer() : Answer.NOT_STORED;
    }
    Message message = exchange.getMessage();
    if (message.getBody() instanceof Answer answer) {
      return answer;
    }
    Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    return status != null && message.getBody() instanceof String text
        ? new Answer(status, text, null)
        : Answer.NOT_STORED; // the route ended before it had an answer
  }
}
