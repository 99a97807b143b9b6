package dev.caravan.routes.across;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.DefaultExchange;

/** An exchange continued in another Camel context, which no exchange can change for its own. */
final class MovedExchange {
  private MovedExchange() {}

  /**
   * The same exchange in that context; itself when it is there. Both are one unit of work: what is
   * to happen at its end happens once, at the end of the first route.
   */
  static Exchange into(CamelContext context, Exchange exchange) {
    if (exchange.getContext() == context) {
      return exchange;
    }
    Exchange moved = new DefaultExchange(context, exchange.getPattern());
    moved.setExchangeId(exchange.getExchangeId());
    ExchangeExtension extension = moved.getExchangeExtension();
    extension.setFromEndpoint(exchange.getFromEndpoint());
    extension.setFromRouteId(exchange.getFromRouteId());
    if (exchange.getUnitOfWork() == null) {
      exchange.getExchangeExtension().handoverCompletions(moved); // its first route is to come
    } else {
      extension.setUnitOfWork(exchange.getUnitOfWork());
    }
    move(exchange, moved);
    return moved;
  }

  /** Moves everything that a route can change, there or back. */
  @SuppressWarnings("deprecation") // who wants an answer still finds it in the second message
  static void move(Exchange from, Exchange to) {
    to.setPattern(from.getPattern());
    to.setIn(from.getIn());
    to.setOut(from.hasOut() ? from.getOut() : null);
    to.setException(from.getException());
    moveProperties(from, to);
    if (to.hasVariables()) {
      to.removeVariable("*");
    }
    if (from.hasVariables()) {
      to.getVariables().putAll(from.getVariables());
    }
    moveState(from, to);
  }

  private static void moveProperties(Exchange from, Exchange to) {
    to.getExchangeExtension().setProperties(from.getProperties());
    for (ExchangePropertyKey key : ExchangePropertyKey.values()) {
      Object value = from.getProperty(key);
      if (value == null) {
        to.removeProperty(key);
      } else {
        to.setProperty(key, value);
      }
    }
    from.getExchangeExtension().copySafeCopyPropertiesTo(to.getExchangeExtension());
  }

  private static void moveState(Exchange from, Exchange to) {
    ExchangeExtension before = from.getExchangeExtension();
    ExchangeExtension after = to.getExchangeExtension();
    to.setRouteStop(from.isRouteStop());
    to.setRollbackOnly(from.isRollbackOnly());
    to.setRollbackOnlyLast(from.isRollbackOnlyLast());
    after.setTransacted(from.isTransacted());
    after.setInterrupted(before.isInterrupted());
    after.setNotifyEvent(before.isNotifyEvent());
    after.setRedeliveryExhausted(before.isRedeliveryExhausted());
    after.setErrorHandlerHandled(before.getErrorHandlerHandled());
    after.setFailureHandled(before.isFailureHandled());
    after.setStreamCacheDisabled(before.isStreamCacheDisabled());
  }
}
