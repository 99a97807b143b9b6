package dev.caravan.console;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.PayloadJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One value that differs between two payloads.
 *
 * @param path as a JSON pointer
 * @param one the value in the first, or null if it has none
 * @param two the value in the second, or null if it has none
 */
public record Difference(String path, @Nullable String one, @Nullable String two) {
  /** More are no help to a reader. */
  static final int MOST = 500;

  private static final int MOST_VALUES = 200_000;

  /**
   * For all values and their paths together: deep and long names make paths much longer than
   * values.
   */
  private static final int MOST_CHARACTERS = 8 << 20;

  private static final int LONGEST_VALUE = 300;

  /** The differences in the order of the first payload, then what only the second has. */
  static List<Difference> between(Delivery one, Delivery two) {
    Map<String, String> first = values(one);
    Map<String, String> second = values(two);
    List<Difference> differences = new ArrayList<>();
    first.forEach(
        (path, value) -> {
          if (!Objects.equals(value, second.get(path))) {
            add(differences, new Difference(path, value, second.get(path)));
          }
        });
    second.forEach(
        (path, value) -> {
          if (!first.containsKey(path)) {
            add(differences, new Difference(path, null, value));
          }
        });
    return differences;
  }

  private static void add(List<Difference> differences, Difference difference) {
    if (differences.size() < MOST) {
      differences.add(difference);
    }
  }

  private static Map<String, String> values(Delivery delivery) {
    Map<String, String> values = new LinkedHashMap<>();
    int left = MOST_CHARACTERS;
    try (JsonParser parser = PayloadJson.factory().createParser(delivery.payload())) {
      for (JsonToken token = parser.nextToken();
          token != null && values.size() < MOST_VALUES && left > 0;
          token = parser.nextToken()) {
        boolean isEmpty =
            (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY)
                && parser.getParsingContext().getEntryCount() == 0;
        if (token.isScalarValue() || isEmpty) {
          String path = path(parser.getParsingContext());
          String value = isEmpty ? token.asString() + "…" : shortened(parser.getText());
          values.put(path, value);
          left -= path.length() + value.length();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("A payload in the log cannot be read", e);
    }
    return values;
  }

  private static String path(JsonStreamContext context) {
    return context.pathAsPointer().toString();
  }

  private static String shortened(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + " …";
  }
}
