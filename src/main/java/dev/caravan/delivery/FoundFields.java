package dev.caravan.delivery;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was found in one payload: values, and the marks that tell its event. If a name occurs twice,
 * the last one counts, whatever it contains.
 */
final class FoundFields {
  private final Map<PayloadField, String> values = new EnumMap<>(PayloadField.class);
  private final Set<PayloadField> odd = EnumSet.noneOf(PayloadField.class);
  private final Set<String> marks = new HashSet<>();

  /** Notes that a place is there, and forgets what was found when its name was there before. */
  void begin(FieldNode place) {
    for (PayloadField field : place.below()) {
      values.remove(field);
      odd.remove(field);
    }
    marks.remove(place.path());
    for (FieldNode inner : place.inner()) {
      marks.remove(inner.path());
    }
  }

  /** Notes the mark that a place is, if it is one with such a value. */
  void mark(FieldNode place, boolean isNull) {
    if (EventMarks.GITHUB.isMark(place.path(), isNull)) {
      marks.add(place.path());
    }
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

  /** The marks, as {@link EventMarks} names them. */
  Set<String> marks() {
    return marks;
  }
}
