package dev.caravan.webhook.payload;

import java.io.Serial;
import java.util.ArrayList;
import java.util.Collection;

/** An array of a payload. */
final class PayloadArray extends ArrayList<Object> implements JsonBody {
  @Serial private static final long serialVersionUID = 1;

  PayloadArray() {}

  PayloadArray(Collection<?> values) {
    super(values);
  }
}
