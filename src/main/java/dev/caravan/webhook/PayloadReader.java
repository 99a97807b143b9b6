package dev.caravan.webhook;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.caravan.log.PayloadJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Reads a payload into a Map. The last of two equal keys wins; a number comes out as it was
 * written, {@code 1.10} and 2^53+1 included.
 */
final class PayloadReader {
  private static final ObjectReader READER =
      // A copy, since a mapper makes itself known to its factory.
      JsonMapper.builder(PayloadJson.factory().copy())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .addModule(
              new SimpleModule()
                  .addAbstractTypeMapping(Map.class, PayloadObject.class)
                  .addAbstractTypeMapping(List.class, PayloadArray.class))
          .build()
          .readerFor(PayloadObject.class);

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
      throw new IllegalArgumentException("The payload cannot be read as a JSON object", e);
    }
  }
}
