package dev.caravan.delivery;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a payload of one event.
 *
 * @param marks the fields that tell it from others
 * @param present every field that it has
 * @param absent fields that it does not have
 * @param actions the actions it can have; empty when they do not matter
 */
record EventRule(
    String event, Set<String> marks, Set<String> present, Set<String> absent, Set<String> actions) {
  private static final String ACTIONS = "action:";

  /**
   * Reads a line of the table.
   *
   * @param shared fields that are not marks
   */
  static EventRule of(String event, String[] words, Set<String> shared) {
    EventRule rule =
        new EventRule(
            event, new HashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>(), new HashSet<>());
    for (String word : words) {
      if (word.startsWith(ACTIONS)) {
        rule.actions.addAll(Set.of(word.substring(ACTIONS.length()).split(",", -1)));
      } else if (word.startsWith("!")) {
        rule.absent.add(word.substring(1));
      } else {
        rule.present.add(word);
        if (!shared.contains(word)) {
          rule.marks.add(word);
        }
      }
    }
    return rule;
  }

  /** What in a payload's fields speaks against this event, or null. */
  @Nullable String contradiction(Set<String> fields) {
    for (String field : present) {
      if (!fields.contains(field)) {
        return "it has no " + field;
      }
    }
    for (String field : absent) {
      if (fields.contains(field)) {
        return "it has the field " + field;
      }
    }
    return null;
  }

  /** Whether a payload meets all of that, including the action. */
  boolean fits(Set<String> fields, @Nullable String action) {
    return lists(action) && contradiction(fields) == null;
  }

  /** Whether an action is a known one, if that matters. */
  boolean lists(@Nullable String action) {
    return actions.isEmpty() || (action != null && actions.contains(action));
  }

  /** Whether all marks of another event are among its own: where it fits, it fits as closely. */
  boolean hasTheMarksOf(EventRule other) {
    return marks.containsAll(other.marks);
  }
}
