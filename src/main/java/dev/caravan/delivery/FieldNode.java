package dev.caravan.delivery;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place in a payload at which, or below which, there are values to be read. */
final class FieldNode {
  /** The payload's top level. */
  static final FieldNode TOP = new FieldNode();

  /** An object in which nothing is to be read. */
  static final FieldNode NOTHING = new FieldNode();

  private final Map<String, FieldNode> inner = new HashMap<>();
  private final Set<PayloadField> below = EnumSet.noneOf(PayloadField.class);
  private @Nullable PayloadField field;

  static {
    for (PayloadField field : PayloadField.values()) {
      TOP.add(field);
    }
  }

  private FieldNode() {}

  private void add(PayloadField wanted) {
    FieldNode node = this;
    for (String name : wanted.names()) {
      node = node.inner.computeIfAbsent(name, any -> new FieldNode());
      node.below.add(wanted);
    }
    node.field = wanted;
  }

  /** What is to be read of a field of this object, or null. */
  @Nullable FieldNode inner(String name) {
    return inner.get(name);
  }

  /** The value to be read here; null for an object. */
  @Nullable PayloadField field() {
    return field;
  }

  /** Every value to be read here and below. */
  Set<PayloadField> below() {
    return below;
  }
}
