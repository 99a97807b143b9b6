package dev.caravan.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Takes the {@code payload} field out of an {@code application/x-www-form-urlencoded} body, the
 * second content type a GitHub hook can have.
 *
 * <p>Works on bytes (WHATWG "URL Standard", application/x-www-form-urlencoded parsing), so that
 * what GitHub wrote comes out unchanged whatever the characters are.
 */
public final class FormBody {
  private static final byte[] FIELD = "payload=".getBytes(US_ASCII);

  private FormBody() {}

  /**
   * Returns the decoded bytes of the first field named {@code payload}.
   *
   * @throws IllegalArgumentException when there is no such field or its percent-encoding is broken;
   *     the message is fit for the sender
   */
  public static byte[] payload(byte[] body) {
    int start = payloadStart(body);
    if (start < 0) {
      throw new IllegalArgumentException("The form has no payload field");
    }
    return decode(body, start, indexOf(body, (byte) '&', start));
  }

  /** How long {@link #payload} would be, found without decoding it; 0 when there is none. */
  public static int payloadLength(byte[] body) {
    int start = payloadStart(body);
    return start < 0 ? 0 : decodedLength(body, start, indexOf(body, (byte) '&', start));
  }

  /** Where the value of the first field named payload begins; -1 when there is none. */
  private static int payloadStart(byte[] body) {
    for (int start = 0; start < body.length; ) {
      int end = indexOf(body, (byte) '&', start);
      if (startsWithField(body, start, end)) {
        return start + FIELD.length;
      }
      start = end + 1;
    }
    return -1;
  }

  private static int indexOf(byte[] body, byte wanted, int from) {
    int index = from;
    while (index < body.length && body[index] != wanted) {
      index++;
    }
    return index;
  }

  private static boolean startsWithField(byte[] body, int start, int end) {
    return end - start >= FIELD.length
        && Arrays.equals(body, start, start + FIELD.length, FIELD, 0, FIELD.length);
  }

  private static byte[] decode(byte[] body, int start, int end) {
    byte[] decoded = new byte[decodedLength(body, start, end)];
    int length = 0;
    for (int index = start; index < end; index++) {
      byte value = body[index];
      if (value == '+') {
        value = ' ';
      } else if (value == '%') {
        value = (byte) (digit(body, index + 1, end) << 4 | digit(body, index + 2, end));
        index += 2;
      }
      decoded[length++] = value;
    }
    return decoded;
  }

  private static int decodedLength(byte[] body, int start, int end) {
    int length = 0;
    for (int index = start; index < end; index++, length++) {
      if (body[index] == '%') {
        index += 2;
      }
    }
    return length;
  }

  private static int digit(byte[] body, int index, int end) {
    int digit = index < end ? Character.digit(body[index], 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("The form's payload field has broken percent-encoding");
    }
    return digit;
  }
}
