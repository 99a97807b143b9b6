package dev.caravan.webhook.payload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Writes a payload, or what steps of a route have turned it into, as JSON. */
final class PayloadJsonWriter {
  private static final ObjectWriter WRITER =
      JsonMapper.builder()
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8) // an emoji as it is
          .build()
          .writer();

  /** For half a surrogate pair, which JSON can express but UTF-8 cannot. */
  private static final ObjectWriter ESCAPING = WRITER.with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private PayloadJsonWriter() {}

  /**
   * JSON in UTF-8.
   *
   * @throws IllegalArgumentException when a step has put something into it that is no JSON value
   */
  static byte[] write(Object value) {
    try {
      return WRITER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      return writeEscaping(value);
    }
  }

  private static byte[] writeEscaping(Object value) {
    try {
      return ESCAPING.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The body cannot be written as JSON: " + e.getOriginalMessage(), e);
    }
  }
}
