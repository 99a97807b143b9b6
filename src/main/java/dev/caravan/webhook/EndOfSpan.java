package dev.caravan.webhook;

import dev.caravan.tracing.Traces;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Ends an attempt's span when all of its work has ended. */
final class EndOfSpan extends SynchronizationAdapter {
  private final Traces.Span span;

  EndOfSpan(Traces.Span span) {
    this.span = span;
  }

  @Override
  public void onDone(Exchange exchange) {
    span.end(exchange.getException());
  }
}
