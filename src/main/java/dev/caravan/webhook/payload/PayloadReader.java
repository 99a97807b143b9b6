package dev.caravan.webhook.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.delivery.PayloadJson;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a payload into a Map. The last of two equal keys wins; a number comes out as it was
 * written, {@code 1.10} and 2^53+1 included. However deep it is nested, it takes no stack.
 */
public final class PayloadReader {
  private final JsonParser parser;

  private PayloadReader(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * The whole payload.
   *
   * @throws IllegalArgumentException when it is not a JSON object
   */
  public static Map<String, Object> read(byte[] payload) {
    try (JsonParser parser = PayloadJson.factory().createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("The payload cannot be read as a JSON object");
      }
      return new PayloadReader(parser).object();
    } catch (IOException e) {
      throw new IllegalArgumentException("The payload cannot be read as a JSON object", e);
    }
  }

  private PayloadObject object() throws IOException {
    PayloadObject whole = new PayloadObject();
    Deque<JsonBody> outer = new ArrayDeque<>();
    JsonBody current = whole;
    while (true) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new IOException("It ends within an object");
      }
      if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
        if (outer.isEmpty()) {
          return whole;
        }
        current = outer.pop();
      } else if (token != JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        Object value = value(token);
        if (current instanceof PayloadObject object) {
          object.put(name, value);
        } else if (current instanceof PayloadArray array) {
          array.add(value);
        }
        if (value instanceof JsonBody inner) {
          outer.push(current);
          current = inner;
        }
      }
    }
  }

  /** A value; an object or array is empty, and filled as reading goes on. */
  private @Nullable Object value(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> new PayloadObject();
      case START_ARRAY -> new PayloadArray();
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }
}
