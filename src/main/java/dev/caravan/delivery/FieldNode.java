package dev.caravan.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.delivery.json.JsonString;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in a payload where there is something to be read: a value, a mark that tells events
 * apart, or an object that has such places in it.
 */
final class FieldNode {
  /** The payload's top level. */
  static final FieldNode TOP = new FieldNode("", "");

  private final String path;
  private final byte[] name;
  private final Map<String, FieldNode> inner = new HashMap<>();

  /** The same, by the length of their names: most names of a payload are of no interest. */
  private FieldNode[][] innerByLength = {};

  private final Set<PayloadField> below = EnumSet.noneOf(PayloadField.class);
  private @Nullable PayloadField field;

  static {
    for (PayloadField field : PayloadField.values()) {
      FieldNode node = TOP;
      for (String name : field.names()) {
        node = node.at(name);
        node.below.add(field);
      }
      node.field = field;
    }
    for (String mark : EventMarks.GITHUB.fields()) {
      FieldNode node = TOP;
      for (String name : mark.split("\\.", -1)) {
        node = node.at(name);
      }
    }
  }

  private FieldNode(String path, String name) {
    this.path = path;
    this.name = name.getBytes(UTF_8);
  }

  private FieldNode at(String wanted) {
    FieldNode known = inner.get(wanted);
    if (known != null) {
      return known;
    }
    FieldNode added = new FieldNode(path.isEmpty() ? wanted : path + "." + wanted, wanted);
    inner.put(wanted, added);
    int length = added.name.length;
    if (length >= innerByLength.length) {
      FieldNode[][] longer = new FieldNode[length + 1][0];
      System.arraycopy(innerByLength, 0, longer, 0, innerByLength.length);
      innerByLength = longer;
    }
    FieldNode[] same = Arrays.copyOf(innerByLength[length], innerByLength[length].length + 1);
    same[same.length - 1] = added;
    innerByLength[length] = same;
    return added;
  }

  /** What is to be read of the field of this object with that name, or null. */
  @Nullable FieldNode inner(JsonString wanted) {
    if (wanted.length() < innerByLength.length) {
      for (FieldNode node : innerByLength[wanted.length()]) {
        if (wanted.isWritten(node.name)) {
          return node;
        }
      }
    }
    // Nobody escapes the letters of a name; one that is very long is not made into a text.
    return wanted.isEscaped() && !wanted.isLongerThan(innerByLength.length)
        ? inner.get(wanted.text())
        : null;
  }

  /** All places in this object. */
  Iterable<FieldNode> inner() {
    return inner.values();
  }

  /** The names that lead to it, such as {@code repository.owner}. */
  String path() {
    return path;
  }

  /** The value to be read here; null for an object, and where there is only a mark. */
  @Nullable PayloadField field() {
    return field;
  }

  /** Every value to be read here and below. */
  Set<PayloadField> below() {
    return below;
  }

  /** Whether there is something to be read inside. */
  boolean isObject() {
    return !inner.isEmpty();
  }
}
