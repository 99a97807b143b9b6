package dev.caravan.delivery;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a payload once, from its first byte to its last: is it one JSON object in UTF-8, which
 * event is it, and what is it about?
 *
 * <p>If a name occurs twice, the last one counts, as in the map that a route will see.
 */
public final class PayloadScan {
  /** Longer names are not GitHub's; a filter or a lane would gain nothing from them. */
  private static final int LONGEST_VALUE = 256;

  /** The parser's own limit for a number that is written out. */
  private static final int MOST_DIGITS = StreamReadConstraints.DEFAULT_MAX_NUM_LEN;

  private final JsonParser parser;
  private final PayloadMarks marks = new PayloadMarks(EventMarks.GITHUB);
  private final FoundFields fields = new FoundFields();

  private PayloadScan(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * What the payload is about, and who owns it.
   *
   * @param event what the header says it is
   * @throws InvalidPayloadException unless it is one JSON object in UTF-8 and nothing else, of that
   *     event, and names its repository and owner as GitHub can
   */
  public static PayloadFacts read(byte[] payload, String event) {
    if (startsWithByteOrderMark(payload)) {
      throw new InvalidPayloadException(
          "The payload starts with a byte order mark; send it without");
    }
    if (!Utf8.isValid(payload)) {
      throw new InvalidPayloadException("The payload is not UTF-8");
    }
    try (JsonParser parser = PayloadJson.arriving().createParser(payload)) {
      PayloadScan scan = new PayloadScan(parser);
      scan.read();
      return scan.facts(event);
    } catch (StreamConstraintsException e) {
      throw new InvalidPayloadException(
          "The payload is nested deeper than "
              + PayloadJson.MAX_NESTING
              + " levels, or has a number of more than "
              + MOST_DIGITS
              + " digits");
    } catch (IOException e) {
      throw new InvalidPayloadException("The payload is not valid JSON");
    }
  }

  private void read() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new InvalidPayloadException("The payload is not a JSON object");
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      marks.see(name, parser.nextToken() == JsonToken.VALUE_NULL);
      FieldNode place = FieldNode.TOP.inner(name);
      if (place != null) {
        read(place, name);
      } else if (EventMarks.GITHUB.looksInto(name)) {
        read(FieldNode.NOTHING, name);
      }
      skip();
    }
    if (parser.nextToken() != null) {
      throw new InvalidPayloadException("The payload continues after its JSON object");
    }
  }

  /**
   * Passes over the value that the parser stands at, unless it was read: then it stands at its end.
   */
  private void skip() throws IOException {
    int depth = 0;
    JsonToken token = parser.currentToken();
    while (true) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
        checkDigits();
      }
      if (depth <= 0) {
        return;
      }
      token = parser.nextToken();
    }
  }

  /** 1e9999 is four digits to the parser, and ten thousand to a route that calculates with it. */
  private void checkDigits() throws IOException {
    boolean fits;
    try {
      fits = Math.abs((long) parser.getDecimalValue().scale()) <= MOST_DIGITS;
    } catch (NumberFormatException e) {
      fits = false; // past what a BigDecimal can hold
    }
    if (!fits) {
      throw new InvalidPayloadException(
          "The payload has a number of more than " + MOST_DIGITS + " digits");
    }
  }

  /** Reads the value that the parser stands at, as far as something in it is wanted. */
  private void read(FieldNode place, String path) throws IOException {
    fields.forget(place);
    JsonToken token = parser.currentToken();
    PayloadField field = place.field();
    if (field != null && token == valueOf(field)) {
      // A number as the map will have it: -0 is 0.
      fields.found(field, field.isNumber() ? parser.getNumberValue().toString() : parser.getText());
    } else if (field == null && token == JsonToken.START_OBJECT) {
      readObject(place, path);
    } else if (token != JsonToken.VALUE_NULL) {
      fields.odd(place);
    }
  }

  private void readObject(FieldNode place, String path) throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (EventMarks.GITHUB.looksInto(path)) {
        marks.see(path, name);
      }
      FieldNode inner = place.inner(name);
      if (inner != null) {
        read(inner, name);
      }
      skip();
    }
    fields.checkComplete(place);
  }

  private static JsonToken valueOf(PayloadField field) {
    return field.isNumber() ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_STRING;
  }

  private PayloadFacts facts(String event) {
    String action = usable(PayloadField.ACTION);
    String objection = EventMarks.GITHUB.objection(event, marks.found(), action);
    if (objection != null) {
      throw new InvalidPayloadException(
          "The payload is not one of the event in X-GitHub-Event: " + objection);
    }
    Ownership ownership = Ownership.of(fields, event);
    return new PayloadFacts(
        action,
        ownership.repository(),
        usable(PayloadField.ORGANIZATION),
        usable(PayloadField.INSTALLATION),
        usable(PayloadField.SENDER),
        thread(),
        ownership);
  }

  private @Nullable String thread() {
    for (PayloadField number :
        new PayloadField[] {
          PayloadField.NUMBER, PayloadField.ISSUE_NUMBER, PayloadField.PULL_REQUEST_NUMBER
        }) {
      String found = usable(number);
      if (found != null) {
        return Delivery.Subject.thread(found);
      }
    }
    return fullRef();
  }

  /**
   * As a push spells it: events that create or delete a branch or tag give its name and its type.
   */
  private @Nullable String fullRef() {
    String ref = usable(PayloadField.REF);
    if (ref == null || ref.startsWith("refs/")) {
      return ref;
    }
    String type = usable(PayloadField.REF_TYPE);
    return "branch".equals(type)
        ? "refs/heads/" + ref
        : "tag".equals(type) ? "refs/tags/" + ref : ref;
  }

  /**
   * The value, or null for one that cannot be a name: it will be in log lines and pages, where a
   * line break or a writing direction must not come from outside.
   */
  private @Nullable String usable(PayloadField field) {
    String value = fields.get(field);
    if (value == null || value.isEmpty() || value.length() > LONGEST_VALUE) {
      return null;
    }
    for (int index = 0; index < value.length(); ) {
      int character = value.codePointAt(index);
      switch (Character.getType(character)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR -> {
          return null;
        }
        default -> index += Character.charCount(character);
      }
    }
    return value;
  }

  private static boolean startsWithByteOrderMark(byte[] payload) {
    return payload.length >= 3
        && (payload[0] & 0xff) == 0xef
        && (payload[1] & 0xff) == 0xbb
        && (payload[2] & 0xff) == 0xbf;
  }
}
