package dev.caravan.delivery;

import dev.caravan.delivery.json.InvalidJsonException;
import dev.caravan.delivery.json.JsonString;
import dev.caravan.delivery.json.JsonText;
import dev.caravan.delivery.json.Utf8;
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

  /**
   * Stands for a longer text: neither can be a name, and that one may be as long as the payload.
   */
  private static final String TOO_LONG = "\0";

  private final JsonText json;
  private final FoundFields found = new FoundFields();

  private PayloadScan(JsonText json) {
    this.json = json;
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
    PayloadScan scan = new PayloadScan(new JsonText(payload));
    try {
      scan.read();
    } catch (InvalidJsonException e) {
      throw new InvalidPayloadException("The payload " + e.getMessage());
    }
    return scan.facts(event);
  }

  private void read() {
    if (!json.enterObject()) {
      if (!json.isOver()) {
        json.passValue(); // says so when it is no JSON at all
      }
      throw new InvalidPayloadException("The payload is not a JSON object");
    }
    readInside(FieldNode.TOP);
    if (!json.isOver()) {
      throw new InvalidPayloadException("The payload continues after its JSON object");
    }
  }

  private void readInside(FieldNode object) {
    while (json.nextEntry()) {
      FieldNode place = object.inner(json.string());
      if (place == null) {
        json.passValue();
      } else {
        read(place);
      }
    }
  }

  private void read(FieldNode place) {
    found.begin(place);
    if (place.isObject() && json.enterObject()) {
      found.mark(place, false);
      readInside(place);
      found.checkComplete(place);
    } else {
      readValue(place);
    }
  }

  private void readValue(FieldNode place) {
    JsonText.Kind kind = json.passValue();
    found.mark(place, kind == JsonText.Kind.NULL);
    PayloadField field = place.field();
    String value = field == null ? null : valueOf(field, kind);
    if (field != null && value != null) {
      found.found(field, value);
    } else if (kind != JsonText.Kind.NULL) {
      found.odd(place);
    }
  }

  /** What was passed last, or null when it is not what the field should have. */
  private @Nullable String valueOf(PayloadField field, JsonText.Kind kind) {
    return switch (kind) {
      case TEXT -> field.isNumber() ? null : text(json.string());
      case NUMBER -> field.isNumber() ? json.wholeNumber() : null;
      default -> null;
    };
  }

  private static String text(JsonString string) {
    return string.isLongerThan(LONGEST_VALUE) ? TOO_LONG : string.text();
  }

  private PayloadFacts facts(String event) {
    String action = usable(PayloadField.ACTION);
    String objection = EventMarks.GITHUB.objection(event, found.marks(), action);
    if (objection != null) {
      throw new InvalidPayloadException(
          "The payload is not one of the event in X-GitHub-Event: " + objection);
    }
    Ownership ownership = Ownership.of(found, event);
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
    String value = found.get(field);
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
