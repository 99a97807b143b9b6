package dev.caravan.webhook;

import java.io.Serial;
import java.util.ArrayList;

/** An array of a payload. */
final class PayloadArray extends ArrayList<Object> implements JsonBody {
  @Serial private static final long serialVersionUID = 1;
}
