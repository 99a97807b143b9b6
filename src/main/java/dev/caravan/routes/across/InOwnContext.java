package dev.caravan.routes.across;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Runs in the context of its own file whatever exchange it is given. What a step looks up as it
 * runs (a bean, an endpoint whose address depends on the message), Camel looks for in the context
 * of the exchange, which is the caller's.
 */
final class InOwnContext extends DelegateAsyncProcessor {
  private final CamelContext own;

  InOwnContext(Processor processor, CamelContext own) {
    super(processor);
    this.own = own;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Exchange moved = MovedExchange.into(own, exchange);
    if (moved == exchange) {
      return super.process(exchange, callback);
    }
    return super.process(
        moved,
        doneSync -> {
          MovedExchange.move(moved, exchange);
          callback.done(doneSync);
        });
  }
}
