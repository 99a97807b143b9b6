package dev.caravan.ingress.route;

import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.Rejected;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Gives the answer for whatever stopped a delivery: its own for a rejected one, 503 for the rest.
 */
public final class AnswerFailure implements Processor {
  @Override
  public void process(Exchange exchange) {
    Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
    Answer answer = failure instanceof Rejected rejected ? rejected.answer() : Answer.NOT_STORED;
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setBody(answer);
  }
}
