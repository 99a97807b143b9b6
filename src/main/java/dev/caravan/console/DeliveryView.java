package dev.caravan.console;

import dev.caravan.log.history.DeliverySummary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One delivery, with everything that is known about it.
 *
 * @param others every delivery of its GUID, itself included
 * @param headers null when they are no longer kept, and neither is its payload
 * @param verdict what its signature says today
 * @param cloudEvent its CloudEvents attributes; empty when the body is no longer kept
 * @param payload the payload as indented text, for browsers without scripts; empty when it is too
 *     long
 * @param links to GitHub, by what they show
 * @param curl a command that posts the same again, without the signature
 * @param subscriptions every subscription it can be replayed to
 */
public record DeliveryView(
    DeliverySummary summary,
    List<DeliverySummary> others,
    @Nullable Map<String, String> headers,
    List<AttemptView> attempts,
    String verdict,
    Map<String, String> cloudEvent,
    String payload,
    Map<String, String> links,
    String curl,
    List<String> subscriptions) {

  /** Its address on the console, which names it even where a GUID has several. */
  public String address() {
    return "/deliveries/" + summary.guid() + "?position=" + summary.position();
  }

  /** The address of its payload as JSON. */
  public String payloadAddress() {
    return "/deliveries/" + summary.guid() + "/payload?position=" + summary.position();
  }

  /** The address of its body as it arrived. */
  public String bodyAddress() {
    return "/deliveries/" + summary.guid() + "/body?position=" + summary.position();
  }
}
