package dev.caravan.management;

import dev.caravan.log.ReplayRequest;
import dev.caravan.log.subscription.Rate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The named values of a request; one of the wrong kind is refused with a sentence. */
final class RequestValues {
  private RequestValues() {}

  static String subscription(JsonObject request) {
    String name = text(request, "subscription");
    if (name == null) {
      throw new RefusedException(400, "subscription is missing: the name of a subscription.");
    }
    return name;
  }

  static @Nullable String text(JsonObject request, String name) {
    return value(request, name, String.class);
  }

  static <T> @Nullable T value(JsonObject request, String name, Class<T> type) {
    Object value = request.getValue(name);
    if (value != null && !type.isInstance(value)) {
      throw new RefusedException(
          400,
          "%s is not %s."
              .formatted(
                  name,
                  type == String.class
                      ? "a text"
                      : type == Integer.class
                          ? "a whole number"
                          : type == Boolean.class
                              ? "true or false"
                              : type == JsonArray.class ? "a list" : "an object"));
    }
    return type.cast(value);
  }

  /** How many a second a replay should schedule. */
  static double rate(JsonObject request) {
    Object rate = request.getValue("rate");
    return rate == null ? ReplayRequest.PER_SECOND : Rate.parse(rate.toString()).perSecond();
  }

  static int number(String name, String text, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below, with the same sentence
    }
    throw new RefusedException(
        400, "%s is '%s'. Write a whole number from 1 to %d.".formatted(name, text, most));
  }
}
