package dev.caravan.webhook;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.core.filter.TokenFilter.Inclusion;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.log.PayloadJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a payload into a Map. The last of two equal keys wins; a number comes out as it was
 * written, {@code 1.10} and 2^53+1 included.
 */
final class PayloadReader {
  private static final int OUTLINE_DEPTH = 3;

  private static final ObjectReader READER =
      // A copy, since a mapper makes itself known to its factory.
      JsonMapper.builder(PayloadJson.factory().copy())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(new TypeReference<LinkedHashMap<String, Object>>() {});

  private PayloadReader() {}

  /**
   * The whole payload.
   *
   * @throws IllegalArgumentException when it is not a JSON object
   */
  static Map<String, Object> read(byte[] payload) {
    try {
      return READER.readValue(payload);
    } catch (IOException e) {
      throw notAnObject(e);
    }
  }

  /**
   * Single values up to three levels down, without arrays: enough to describe a payload, and small
   * however large it is.
   *
   * @throws IllegalArgumentException when it is not a JSON object
   */
  static Map<String, Object> outline(byte[] payload) {
    try (JsonParser parser =
        new FilteringParserDelegate(
            READER.createParser(payload),
            new SingleValues(OUTLINE_DEPTH),
            Inclusion.INCLUDE_ALL_AND_PATH,
            true)) {
      return parser.nextToken() == null ? Map.of() : READER.readValue(parser);
    } catch (IOException e) {
      throw notAnObject(e);
    }
  }

  private static IllegalArgumentException notAnObject(IOException e) {
    return new IllegalArgumentException("The payload cannot be read as a JSON object", e);
  }

  /** Lets values through that are neither arrays nor in one, and not too deep. */
  private static final class SingleValues extends TokenFilter {
    private final int levels;

    SingleValues(int levels) {
      this.levels = levels;
    }

    @Override
    public @Nullable TokenFilter includeProperty(String name) {
      return levels == 0 ? null : new SingleValues(levels - 1);
    }

    @Override
    public @Nullable TokenFilter filterStartArray() {
      return null;
    }
  }
}
