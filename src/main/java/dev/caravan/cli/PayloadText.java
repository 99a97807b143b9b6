package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.caravan.delivery.PayloadJson;
import dev.caravan.logging.Printable;
import java.io.IOException;
import java.io.StringWriter;

/** A payload for people to read: indented, with names, order and numbers as GitHub wrote them. */
final class PayloadText {
  private PayloadText() {}

  static String indented(byte[] payload) {
    StringWriter text = new StringWriter(payload.length * 2);
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));
    try (JsonParser parser = PayloadJson.factory().createParser(payload);
        JsonGenerator generator = PayloadJson.factory().createGenerator(text)) {
      generator.setPrettyPrinter(printer);
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          generator.writeNumber(parser.getText());
        } else {
          generator.copyCurrentEvent(parser);
        }
      }
    } catch (IOException e) {
      return Printable.lines(new String(payload, UTF_8)); // not JSON: shown as it is
    }
    return Printable.lines(text.toString());
  }
}
