package dev.caravan.console;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.PayloadJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How two payloads differ.
 *
 * @param shown in the order of the first payload, then what only the second has; not more than a
 *     reader can use
 * @param count how many there are
 * @param isPartial whether only the first part of a payload was compared, since it is too large
 */
public record Differences(List<Difference> shown, int count, boolean isPartial) {
  private static final int MOST_SHOWN = 500;
  private static final int MOST_VALUES = 200_000;

  /**
   * For all values and their paths together: deep and long names make paths much longer than
   * values.
   */
  private static final int MOST_CHARACTERS = 8 << 20;

  /**
   * What a payload says.
   *
   * @param byPath each value by its JSON pointer
   * @param isPartial whether there are more
   */
  private record Values(Map<String, String> byPath, boolean isPartial) {}

  static Differences between(Delivery one, Delivery two) {
    Values first = values(one);
    Values second = values(two);
    List<Difference> shown = new ArrayList<>();
    int count = 0;
    for (Map.Entry<String, String> each : first.byPath.entrySet()) {
      String other = second.byPath.get(each.getKey());
      if (!each.getValue().equals(other) && ++count <= MOST_SHOWN) {
        shown.add(Difference.of(each.getKey(), each.getValue(), other));
      }
    }
    for (Map.Entry<String, String> each : second.byPath.entrySet()) {
      if (!first.byPath.containsKey(each.getKey()) && ++count <= MOST_SHOWN) {
        shown.add(Difference.of(each.getKey(), null, each.getValue()));
      }
    }
    return new Differences(shown, count, first.isPartial || second.isPartial);
  }

  private static Values values(Delivery delivery) {
    Map<String, String> values = new LinkedHashMap<>();
    int left = MOST_CHARACTERS;
    try (JsonParser parser = PayloadJson.factory().createParser(delivery.payload())) {
      JsonToken token = parser.nextToken();
      for (; token != null && values.size() < MOST_VALUES && left > 0; token = parser.nextToken()) {
        boolean isEmpty =
            (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY)
                && parser.getParsingContext().getEntryCount() == 0;
        if (token.isScalarValue() || isEmpty) {
          String path = parser.getParsingContext().pathAsPointer().toString();
          String value = isEmpty ? token.asString() + "…" : parser.getText();
          values.put(path, value);
          left -= path.length() + value.length();
        }
      }
      return new Values(values, token != null);
    } catch (IOException e) {
      throw new IllegalStateException("A payload in the log cannot be read", e);
    }
  }
}
