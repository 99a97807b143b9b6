package dev.caravan.ingress;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.caravan.log.Delivery;
import dev.caravan.log.PayloadJson;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a payload once, from its first byte to its last: is it one JSON object in UTF-8, and what
 * is it about?
 *
 * <p>Of a name that is there twice the last one counts, as in the map that a route will see.
 */
final class PayloadScan {
  /** Longer names are not GitHub's; a filter or a lane would gain nothing from them. */
  private static final int LONGEST_VALUE = 256;

  private final JsonParser parser;

  private @Nullable String action;
  private @Nullable String repository;
  private @Nullable String organization;
  private @Nullable String installation;
  private @Nullable String sender;
  private @Nullable String number;
  private @Nullable String issueNumber;
  private @Nullable String pullRequestNumber;
  private @Nullable String ref;
  private long marks;

  private PayloadScan(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Returns what the payload is about.
   *
   * @param event what the header says it is
   * @throws Rejected unless it is one JSON object in UTF-8 and nothing else, or when it is
   *     certainly of another event
   */
  static Delivery.Subject read(byte[] payload, String event) {
    if (startsWithByteOrderMark(payload)) {
      throw new Rejected(400, "The payload starts with a byte order mark; send it without");
    }
    if (!Utf8.isValid(payload)) {
      throw new Rejected(400, "The payload is not UTF-8");
    }
    try (JsonParser parser = PayloadJson.factory().createParser(payload)) {
      PayloadScan scan = new PayloadScan(parser);
      Delivery.Subject subject = scan.read();
      if (EventMarks.GITHUB.contradict(event, scan.marks)) {
        throw new Rejected(400, "The payload is not one of the event in X-GitHub-Event");
      }
      return subject;
    } catch (StreamConstraintsException e) {
      throw new Rejected(
          400,
          "The payload is nested deeper than "
              + PayloadJson.MAX_NESTING
              + " levels, or has a number of more than 1000 digits");
    } catch (IOException e) {
      throw new Rejected(400, "The payload is not valid JSON");
    }
  }

  private Delivery.Subject read() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Rejected(400, "The payload is not a JSON object");
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
      long mark = EventMarks.GITHUB.bit(name);
      marks = isNull ? marks & ~mark : marks | mark;
      readField(name);
      parser.skipChildren(); // a value that was read is behind us; one that was not is skipped
    }
    if (parser.nextToken() != null) {
      throw new Rejected(400, "The payload goes on after its JSON object");
    }
    return new Delivery.Subject(action, repository, organization, installation, sender, thread());
  }

  private void readField(String name) throws IOException {
    switch (name) {
      case "action" -> action = text();
      case "repository" -> repository = member("full_name", false);
      case "organization" -> organization = member("login", false);
      case "installation" -> installation = member("id", true);
      case "sender" -> sender = member("login", false);
      case "number" -> number = number();
      case "issue" -> issueNumber = member("number", true);
      case "pull_request" -> pullRequestNumber = member("number", true);
      case "ref" -> ref = text();
      default -> {}
    }
  }

  /** What one field of the object holds that the parser stands at the start of. */
  private @Nullable String member(String wanted, boolean isNumber) throws IOException {
    String value = null;
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        if (name.equals(wanted)) {
          value = isNumber ? number() : text();
        }
        parser.skipChildren();
      }
    }
    return value;
  }

  private @Nullable String text() throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING ? usable(parser.getText()) : null;
  }

  private @Nullable String number() throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? usable(parser.getText()) : null;
  }

  private @Nullable String thread() {
    String found = number != null ? number : issueNumber != null ? issueNumber : pullRequestNumber;
    return found == null ? ref : "#" + found;
  }

  /**
   * The value, or null for one that cannot be a name: it will stand in log lines and pages, where a
   * line break or a writing direction must not come from outside.
   */
  private static @Nullable String usable(String value) {
    if (value.isEmpty() || value.length() > LONGEST_VALUE) {
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
