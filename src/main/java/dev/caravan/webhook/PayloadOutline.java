package dev.caravan.webhook;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.delivery.PayloadJson;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads what is needed to describe a payload without making a map of all of it: texts and numbers
 * of certain names, up to three levels down and not in arrays.
 */
final class PayloadOutline {
  private static final int LEVELS = 3;

  private final JsonParser parser;
  private final Predicate<String> wanted;

  private PayloadOutline(JsonParser parser, Predicate<String> wanted) {
    this.parser = parser;
    this.wanted = wanted;
  }

  /**
   * The values by their names, objects as maps of the same kind. A number comes out as it was
   * written; of two equal names the last counts.
   *
   * @param wanted the names of values to be kept
   * @throws IllegalArgumentException when it is not a JSON object
   */
  static Map<String, Object> read(byte[] payload, Predicate<String> wanted) {
    try (JsonParser parser = PayloadJson.factory().createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("The payload cannot be read as a JSON object");
      }
      return new PayloadOutline(parser, wanted).object(LEVELS);
    } catch (IOException e) {
      throw new IllegalArgumentException("The payload cannot be read as a JSON object", e);
    }
  }

  private Map<String, Object> object(int levels) throws IOException {
    Map<String, Object> values = new HashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT && levels > 1) {
        values.put(name, object(levels - 1));
      } else if ((value == JsonToken.VALUE_STRING || value.isNumeric()) && wanted.test(name)) {
        values.put(name, parser.getText());
      } else {
        values.remove(name);
        parser.skipChildren();
      }
    }
    return values;
  }
}
