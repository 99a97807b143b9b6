package dev.caravan.delivery;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values found in one payload. If a name occurs twice, the last one counts, whatever it
 * contains.
 */
final class FoundFields {
  private final Map<PayloadField, String> values = new EnumMap<>(PayloadField.class);
  private final Set<PayloadField> odd = EnumSet.noneOf(PayloadField.class);

  /** Forgets what was found at a place: its name is there once more. */
  void forget(FieldNode place) {
    values.keySet().removeAll(place.below());
    odd.removeAll(place.below());
  }

  void found(PayloadField field, String value) {
    values.put(field, value);
  }

  /** Notes that the wrong kind of value is there: a list for an object, a text for a number. */
  void odd(FieldNode place) {
    odd.addAll(place.below());
  }

  /** Notes what an object that has been read should have had. */
  void checkComplete(FieldNode object) {
    for (PayloadField field : object.below()) {
      if (field.isRequired() && !values.containsKey(field)) {
        odd.add(field);
      }
    }
  }

  /** The value, or null when there is none of its kind. */
  @Nullable String get(PayloadField field) {
    return values.get(field);
  }

  /** Whether the wrong kind of value is there. */
  boolean isOdd(PayloadField field) {
    return odd.contains(field);
  }
}
