package dev.caravan.webhook.payload;

/**
 * A payload or a part of one: a Map or List to a route, and JSON to whatever the route sends it to.
 */
public interface JsonBody {
  /** Its JSON in UTF-8, with all changes that steps have made. */
  default byte[] toJson() {
    return PayloadJsonWriter.write(this);
  }
}
