package dev.caravan.webhook.payload;

/**
 * A payload or a part of one: a Map or List to a route, and JSON to whatever the route sends it to.
 */
public interface JsonBody {
  /** As it is now, steps' changes included, in UTF-8. */
  default byte[] toJson() {
    return PayloadJsonWriter.write(this);
  }
}
