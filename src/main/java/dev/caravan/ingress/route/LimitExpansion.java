package dev.caravan.ingress.route;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.ExpandedSize;
import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.ingress.request.Rejected;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Refuses a payload that no route could look into: one that takes many times its size in memory, as
 * none of GitHub's does, or more memory than there is. In the log it would be run again at every
 * start.
 */
public final class LimitExpansion implements Processor {
  /** Bytes; so few that it does not matter what they become. */
  private static final int SMALL = 64 * 1024;

  private final long most;

  /**
   * @param heap the most memory that the program gets
   */
  public LimitExpansion(long heap) {
    this.most = heap / 5 * 3; // the rest is for its bytes, and for all others
  }

  @Override
  public void process(Exchange exchange) {
    check(exchange.getMessage().getBody(Delivery.class));
  }

  /**
   * The same for a delivery that did not come through the route.
   *
   * @throws Rejected when it is refused
   */
  public void check(Delivery delivery) {
    byte[] payload = delivery.payload();
    if (payload.length > SMALL) {
      check(payload);
    }
  }

  public void check(byte[] payload) {
    long expanded = ExpandedSize.of(payload);
    if (expanded > ExpandedSize.atMost(payload.length)) {
      throw tooLarge("Payload would take many times its size in memory, as none of GitHub's does");
    }
    if (expanded > most) {
      throw tooLarge(
          "Payload would take more memory than there is; the program needs a larger -Xmx");
    }
  }

  private static Rejected tooLarge(String sentence) {
    return new Rejected(new Answer(413, sentence, RefusalReason.TOO_LARGE));
  }
}
