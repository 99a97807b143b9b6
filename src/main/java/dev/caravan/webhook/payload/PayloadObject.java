package dev.caravan.webhook.payload;

import java.io.Serial;
import java.util.LinkedHashMap;

/** An object of a payload. */
final class PayloadObject extends LinkedHashMap<String, Object> implements JsonBody {
  @Serial private static final long serialVersionUID = 1;
}
