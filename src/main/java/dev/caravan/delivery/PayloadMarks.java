package dev.caravan.delivery;

import java.util.HashSet;
import java.util.Set;

/**
 * Collects the fields of a payload that identify its event. If a name occurs twice, the last one
 * counts.
 */
final class PayloadMarks {
  private final EventMarks table;
  private final Set<String> found = new HashSet<>();

  PayloadMarks(EventMarks table) {
    this.table = table;
  }

  /** Notes a field of the top level. */
  void see(String name, boolean isNull) {
    if (table.isMark(name, isNull)) {
      found.add(name);
    } else {
      found.remove(name);
    }
    if (table.looksInto(name)) {
      found.removeIf(field -> field.startsWith(name + "."));
    }
  }

  /** Notes a field of an object at the top level. */
  void see(String object, String name) {
    String field = object + "." + name;
    if (table.isMark(field, false)) {
      found.add(field);
    }
  }

  /** The fields found, as the table names them. */
  Set<String> found() {
    return found;
  }
}
