package dev.caravan.delivery.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks a JSON text (RFC 8259) from its first byte to its last. The bytes must be valid UTF-8.
 *
 * <p>Every payload is checked here before it is answered. No text is made of what is passed, not
 * even of a name, unless somebody asks for it: that takes about half the time of a parser. Nothing
 * gets through that Jackson, which reads for the routes, would refuse.
 *
 * <p>Every method throws an {@link InvalidJsonException} where the text is not JSON, is nested too
 * deep, or has a number that is too long.
 */
public final class JsonText {
  /** What has been passed. */
  public enum Kind {
    TEXT,
    NUMBER,
    NULL,
    OTHER
  }

  /**
   * How deep objects and arrays may be nested. GitHub's own payloads stay below twenty. Indented,
   * every line begins with as many blanks as it is deep, twice: a small payload could become a
   * large text.
   */
  static final int MOST_LEVELS = 64;

  private static final int END = -1;
  private static final byte[] TRUE = "true".getBytes(UTF_8);
  private static final byte[] FALSE = "false".getBytes(UTF_8);
  private static final byte[] NULL = "null".getBytes(UTF_8);

  private final byte[] bytes;
  private int at;

  /** For each object and array that is open, the outermost first: whether it is an object. */
  private final boolean[] open = new boolean[MOST_LEVELS];

  private int depth;

  /** Whether nothing was passed yet in the innermost: no comma comes before the first. */
  private boolean isFirst;

  private final JsonString string;
  private int numberStart;

  public JsonText(byte[] bytes) {
    this.bytes = bytes;
    this.string = new JsonString(bytes);
  }

  /** Enters the object that comes next; false, and stays before it, when it is something else. */
  public boolean enterObject() {
    if (peek() != '{') {
      return false;
    }
    enter(true);
    return true;
  }

  /**
   * Goes on to the next value in the innermost object or array, past its name; false when there is
   * none, and leaves it.
   */
  public boolean nextEntry() {
    boolean inObject = open[depth - 1];
    if (peek() == (inObject ? '}' : ']')) {
      at++;
      depth--;
      isFirst = false;
      return false;
    }
    if (isFirst) {
      isFirst = false;
    } else {
      pass(',');
    }
    if (inObject) {
      pass('"');
      passString();
      if (string.hasHalfCharacter()) {
        throw InvalidJsonException.notJson(); // Jackson takes it in a text, and not in a name
      }
      pass(':');
    }
    return true;
  }

  /** Passes the next value, with all that is in it. */
  public Kind passValue() {
    int outside = depth;
    Kind kind = passOne();
    while (depth > outside) {
      if (nextEntry()) {
        passOne();
      }
    }
    return kind;
  }

  /** Whether nothing is left but white space. */
  public boolean isOver() {
    return peek() == END;
  }

  /** The name or text that was passed last. */
  public JsonString string() {
    return string;
  }

  /** The number passed last, as the map of a route has it; null when it is not a whole one. */
  public @Nullable String wholeNumber() {
    return JsonNumber.whole(bytes, numberStart, at);
  }

  /** Passes a value, or the beginning of one that has others in it. */
  private Kind passOne() {
    int next = peek();
    return switch (next) {
      case '"' -> {
        at++;
        passString();
        yield Kind.TEXT;
      }
      case '{', '[' -> {
        enter(next == '{');
        yield Kind.OTHER;
      }
      case 't' -> passWord(TRUE, Kind.OTHER);
      case 'f' -> passWord(FALSE, Kind.OTHER);
      case 'n' -> passWord(NULL, Kind.NULL);
      default -> {
        numberStart = at;
        at = JsonNumber.end(bytes, at);
        yield Kind.NUMBER;
      }
    };
  }

  private void enter(boolean isObject) {
    if (depth == open.length) {
      throw new InvalidJsonException("is nested deeper than " + MOST_LEVELS + " levels");
    }
    at++;
    open[depth++] = isObject;
    isFirst = true;
  }

  private void passString() {
    at = string.pass(at) + 1;
  }

  private Kind passWord(byte[] word, Kind kind) {
    int after = at + word.length;
    if (after > bytes.length || !Arrays.equals(bytes, at, after, word, 0, word.length)) {
      throw InvalidJsonException.notJson();
    }
    at = after;
    return kind;
  }

  private void pass(char mark) {
    if (peek() != mark) {
      throw InvalidJsonException.notJson();
    }
    at++;
  }

  /** The next byte that is no white space, or {@link #END}. */
  private int peek() {
    for (; at < bytes.length; at++) {
      byte next = bytes[at];
      if (next > ' ' || (next != ' ' && next != '\n' && next != '\r' && next != '\t')) {
        return next & 0xff;
      }
    }
    return END;
  }
}
