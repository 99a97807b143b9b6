package dev.caravan.rehearsal.stage;

import dev.caravan.webhook.outcome.FailedStep;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Ordered;
import org.apache.camel.Processor;
import org.apache.camel.processor.Delayer;
import org.apache.camel.processor.LogProcessor;
import org.apache.camel.processor.SendProcessor;
import org.apache.camel.processor.Throttler;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Sees every step of a route: notes which fails, and stands in for those that would write a log
 * line or only wait.
 */
final class StagedSteps implements InterceptStrategy, Ordered {
  private final Onlooker onlooker;

  StagedSteps(Onlooker onlooker) {
    this.onlooker = onlooker;
  }

  /** The closest to the step itself. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, @Nullable Processor nextTarget) {
    return new Step(
        AsyncProcessorConverterHelper.convert(staged(step, target)), FailedStep.describe(step));
  }

  private Processor staged(NamedNode step, Processor target) {
    if (target instanceof LogProcessor log) {
      return exchange -> onlooker.of(exchange).logged(text(log, exchange));
    }
    if (target instanceof Delayer || target instanceof Throttler) {
      return exchange -> {};
    }
    if (target instanceof SendProcessor send && RecordedEndpoint.leadsOut(send.getDestination())) {
      throw new IllegalArgumentException(
          "%s sends to an endpoint that is an object of the route's own making, which nothing can stand in for. Write its URI"
              .formatted(FailedStep.describe(step)));
    }
    return target;
  }

  private static String text(LogProcessor log, Exchange exchange) {
    return log.getExpression() == null
        ? log.getMessage()
        : log.getExpression().evaluate(exchange, String.class);
  }

  private final class Step extends DelegateAsyncProcessor {
    private final String description;

    Step(AsyncProcessor step, String description) {
      super(step);
      this.description = description;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      Observed observed = onlooker.of(exchange);
      if (observed.isOver()) {
        exchange.setException(new RejectedExecutionException("The rehearsal is over"));
        callback.done(true);
        return true;
      }
      return super.process(
          exchange,
          doneSync -> {
            if (exchange.getException() != null) {
              observed.failed(exchange.getException(), description);
            }
            callback.done(doneSync);
          });
    }
  }
}
