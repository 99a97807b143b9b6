package dev.caravan.console;

import dev.caravan.log.history.DeliverySummary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One delivery, with everything that is known about it.
 *
 * @param others every delivery with its GUID, including itself
 * @param headers null when they and the payload are no longer kept
 * @param verdict what the current secrets say about its signature
 * @param cloudEvent its CloudEvents attributes; empty when the body is no longer kept
 * @param payload indented, for browsers without scripts; empty when it is too long
 * @param links addresses on GitHub, by what they show
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

  /** Its address on the console, even if its GUID has several deliveries. */
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
