package dev.caravan.webhook.cloudevents;

import dev.caravan.delivery.Delivery;
import java.util.LinkedHashMap;
import java.util.Map;

/** A delivery as a CloudEvent, for showing it rather than routing it. */
public final class CloudEvents {
  private CloudEvents() {}

  /**
   * The attributes, by their names in the CloudEvents specification.
   *
   * @throws IllegalArgumentException when the payload is not a JSON object, which one from the
   *     ingress always is
   */
  public static Map<String, String> attributes(Delivery delivery) {
    CloudEvent event = CloudEventReader.read(delivery);
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", event.id());
    attributes.put("type", event.type());
    attributes.put("source", event.source());
    if (event.subject() != null) {
      attributes.put("subject", event.subject());
    }
    attributes.put("time", event.time());
    return attributes;
  }
}
