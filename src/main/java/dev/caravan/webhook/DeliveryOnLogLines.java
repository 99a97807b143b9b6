package dev.caravan.webhook;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.logging.LinesAbout;
import dev.caravan.tracing.Traces;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Puts the delivery on the log lines of every step of a route, whichever thread the step runs on.
 *
 * <p>The exchange carries it, so it goes wherever Camel copies an exchange to: {@code seda}, {@code
 * threads}, {@code multicast}, {@code wireTap}. (Camel's own camel-mdc does the same, but a step
 * within another clears what the outer one has set.)
 */
public final class DeliveryOnLogLines implements InterceptStrategy {
  private static final String PROPERTY = "CamelGitHubWebhookLogLines";

  /** Notes on a new exchange its delivery, subscription and attempt. */
  static LinesAbout note(Attempt attempt, String subscription, Exchange exchange) {
    Delivery delivery = attempt.delivery();
    LinesAbout lines =
        new LinesAbout(
            delivery.guid(),
            delivery.event(),
            delivery.subject().repository(),
            LinesAbout.attempt(attempt.position(), subscription, attempt.number()),
            null);
    exchange.setProperty(PROPERTY, lines);
    return lines;
  }

  /** Adds to a noted exchange the span it is part of. */
  static LinesAbout note(LinesAbout lines, Traces.Span span, Exchange exchange) {
    LinesAbout traced = lines.in(new LinesAbout.Trace(span.traceId(), span.id()));
    exchange.setProperty(PROPERTY, traced);
    return traced;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, @Nullable Processor nextTarget) {
    return new Step(AsyncProcessorConverterHelper.convert(target));
  }

  /** A step of a route, with the delivery on its lines and on those of the steps after it. */
  private static final class Step extends DelegateAsyncProcessor {
    Step(AsyncProcessor step) {
      super(step);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      LinesAbout lines = exchange.getProperty(PROPERTY, LinesAbout.class);
      if (lines == null) {
        return super.process(exchange, callback);
      }
      return lines.during(
          () ->
              super.process(
                  exchange,
                  done -> {
                    if (done) {
                      callback.done(true);
                    } else {
                      lines.during(() -> callback.done(false)); // on a thread of the step's own
                    }
                  }));
    }
  }
}
