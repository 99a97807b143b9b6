package dev.caravan.delivery.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A name or a text in JSON, from behind its first quote to before its last. */
public final class JsonString {
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // In each of eight bytes: 1, the high bit, a backslash, what turns a quote into a blank and a
  // blank into a quote, and the byte after a blank.
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;
  private static final long QUOTE_TO_BLANK = 0x0202020202020202L;
  private static final long ABOVE_BLANK = 0x2121212121212121L;

  /** The length in bytes of an escape such as {@code \n}. */
  private static final int SHORT_ESCAPE = 2;

  /** The length of one that gives a number in four digits. */
  private static final int LONG_ESCAPE = 6;

  private final byte[] bytes;
  private int start;
  private int end;
  private boolean isEscaped;

  JsonString(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Passes one; returns where the quote is that ends it.
   *
   * @param from behind the quote that begins it
   * @throws InvalidJsonException when none ends it, or it has what a string must not have
   */
  int pass(int from) {
    start = from;
    end = plainEnd(from);
    isEscaped = false;
    while (end == bytes.length || bytes[end] != '"') {
      if (end == bytes.length || bytes[end] != '\\') {
        throw InvalidJsonException.notJson(); // a line break and the like must be escaped
      }
      isEscaped = true;
      end = plainEnd(escapeEnd(end));
    }
    return end;
  }

  /** Where the next byte is that is a quote, a backslash or a control character; or the end. */
  private int plainEnd(int from) {
    int index = from;
    for (; index <= bytes.length - Long.BYTES; index += Long.BYTES) {
      long found = special((long) EIGHT_BYTES.get(bytes, index));
      if (found != 0) {
        return index + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (index < bytes.length && !isSpecial(bytes[index])) {
      index++;
    }
    return index;
  }

  /**
   * The high bit of each byte that is special, in a word of eight. A byte below another has its
   * high bit after the subtraction, and had none before; a quote is turned into a blank for that,
   * and a backslash into 0. What is borrowed may make a later byte look special, never an earlier.
   */
  private static long special(long word) {
    long turned = word ^ QUOTE_TO_BLANK;
    long backslashes = word ^ BACKSLASHES;
    return (((turned - ABOVE_BLANK) & ~turned) | ((backslashes - ONES) & ~backslashes)) & HIGH_BITS;
  }

  private static boolean isSpecial(byte value) {
    return value == '"' || value == '\\' || (value >= 0 && value < ' ');
  }

  /** Where an escape ends that begins with the backslash here. */
  private int escapeEnd(int backslash) {
    int kind = backslash + 1 < bytes.length ? bytes[backslash + 1] : 0;
    return switch (kind) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> backslash + SHORT_ESCAPE;
      case 'u' -> {
        int end = backslash + LONG_ESCAPE;
        for (int index = backslash + SHORT_ESCAPE; index < end; index++) {
          if (index == bytes.length || Character.digit(bytes[index], 16) < 0) {
            throw InvalidJsonException.notJson();
          }
        }
        yield end;
      }
      default -> throw InvalidJsonException.notJson();
    };
  }

  /** How many bytes it has, as it is written. */
  public int length() {
    return end - start;
  }

  /** Whether it is written like this. */
  public boolean isWritten(byte[] name) {
    return Arrays.equals(bytes, start, end, name, 0, name.length);
  }

  public boolean isEscaped() {
    return isEscaped;
  }

  /**
   * Whether it has half a character: an escape of a surrogate without the other of its pair. Looks
   * at the bytes, since a name may be as long as its payload.
   */
  boolean hasHalfCharacter() {
    int index = isEscaped ? start : end;
    while (index < end) {
      if (bytes[index] != '\\') {
        index++;
      } else if (bytes[index + 1] != 'u') {
        index += SHORT_ESCAPE;
      } else {
        char unit = escaped(index);
        index += LONG_ESCAPE;
        if (Character.isHighSurrogate(unit) && isLowSurrogate(index)) {
          index += LONG_ESCAPE;
        } else if (Character.isSurrogate(unit)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isLowSurrogate(int index) {
    return index < end - 1
        && bytes[index] == '\\'
        && bytes[index + 1] == 'u'
        && Character.isLowSurrogate(escaped(index));
  }

  /** The character, or half of one, whose number is given by the escape that begins here. */
  private char escaped(int backslash) {
    int unit = 0;
    for (int index = backslash + SHORT_ESCAPE; index < backslash + LONG_ESCAPE; index++) {
      unit = 16 * unit + Character.digit(bytes[index], 16);
    }
    return (char) unit;
  }

  /** Whether it must have more characters than this, even if all of them are escaped. */
  public boolean isLongerThan(int characters) {
    return length() > (long) LONG_ESCAPE * characters;
  }

  /** What it says. */
  public String text() {
    String written = new String(bytes, start, end - start, UTF_8);
    return isEscaped ? unescape(written) : written;
  }

  private static String unescape(String written) {
    StringBuilder text = new StringBuilder(written.length());
    int index = 0;
    while (index < written.length()) {
      char next = written.charAt(index++);
      if (next != '\\') {
        text.append(next);
        continue;
      }
      char kind = written.charAt(index++);
      switch (kind) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(written, index, index + 4, 16));
          index += 4;
        }
        default -> text.append(kind);
      }
    }
    return text.toString();
  }
}
