package dev.caravan.webhook.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.delivery.PayloadJson;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a few texts and numbers of a payload without making a map of all of it: what describes a
 * delivery is usually near the beginning, and the rest is not read.
 *
 * <p>A value is asked for by its path, such as {@code repository.url}, or by several; the first
 * that exists counts. Paths do not lead into arrays.
 */
public final class PayloadOutline {
  private final JsonParser parser;
  private final Map<String, String> values = new HashMap<>();

  /** How many of the values asked for may still come. */
  private int missing;

  /** A place on the way to values. */
  private static final class Place {
    private final Map<String, Place> inner = new HashMap<>();

    /** Its path if a value is asked for here; else null. */
    private @Nullable String path;

    /** The number of values whose first choice it is. */
    private int firstChoices;

    /** The places to look for in the payload. */
    static Place of(List<List<String>> wanted) {
      Place top = new Place();
      for (List<String> paths : wanted) {
        for (int index = 0; index < paths.size(); index++) {
          top.at(paths.get(index)).firstChoices += index == 0 ? 1 : 0;
        }
      }
      return top;
    }

    private Place at(String wanted) {
      Place place = this;
      for (int start = 0; start >= 0; ) {
        int end = wanted.indexOf('.', start);
        String name = wanted.substring(start, end < 0 ? wanted.length() : end);
        place = place.inner.computeIfAbsent(name, any -> new Place());
        start = end < 0 ? end : end + 1;
      }
      place.path = wanted;
      return place;
    }
  }

  private PayloadOutline(JsonParser parser, int missing) {
    this.parser = parser;
    this.missing = missing;
  }

  /**
   * The values by their paths; a number as it was written.
   *
   * <p>Reads until it has the first choice of each. If a name is there twice, the last one read
   * counts.
   *
   * @param wanted for each value the paths where it may be, the first choice first
   * @throws IllegalArgumentException when the payload is not a JSON object, as far as was read
   */
  public static Map<String, String> read(byte[] payload, List<List<String>> wanted) {
    try (JsonParser parser = PayloadJson.factory().createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("The payload cannot be read as a JSON object");
      }
      int values = (int) wanted.stream().filter(paths -> !paths.isEmpty()).count();
      PayloadOutline outline = new PayloadOutline(parser, values);
      outline.read(Place.of(wanted));
      return outline.values;
    } catch (IOException e) {
      throw new IllegalArgumentException("The payload cannot be read as a JSON object", e);
    }
  }

  private void read(Place object) throws IOException {
    while (missing > 0) {
      String name = parser.nextFieldName();
      if (name == null) {
        return;
      }
      JsonToken value = parser.nextToken();
      Place place = object.inner.get(name);
      if (place == null) {
        parser.skipChildren();
        continue;
      }
      forget(place);
      if (value == JsonToken.START_OBJECT && !place.inner.isEmpty()) {
        read(place);
      } else if (place.path != null && (value == JsonToken.VALUE_STRING || value.isNumeric())) {
        values.put(place.path, parser.getText());
        missing -= place.firstChoices;
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Drops what was found under a name that is there again. */
  private void forget(Place place) {
    if (values.isEmpty()) {
      return;
    }
    if (place.path != null && values.remove(place.path) != null) {
      missing += place.firstChoices;
    }
    place.inner.values().forEach(this::forget);
  }
}
