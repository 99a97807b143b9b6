package dev.caravan.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Takes the payload out of an {@code application/x-www-form-urlencoded} body, the second content
 * type a GitHub hook can have: one field, {@code payload}, and nothing else.
 *
 * <p>The content type is not signed. Were the field looked for anywhere in a body, a comment in a
 * signed JSON payload could hold a payload of its author's, to be sent again as a form. A body that
 * starts as such a form is not JSON.
 *
 * <p>Works on bytes (WHATWG "URL Standard", application/x-www-form-urlencoded parsing), so that
 * what GitHub wrote comes out unchanged whatever the characters are.
 */
public final class FormBody {
  private static final byte[] FIELD = "payload=".getBytes(US_ASCII);

  private FormBody() {}

  /**
   * Returns the decoded bytes of the field.
   *
   * @throws InvalidPayloadException when the form is not that one field, or its percent-encoding is
   *     broken; the message may be sent to the sender
   */
  public static byte[] payload(byte[] body) {
    if (!startsWithField(body)) {
      throw new InvalidPayloadException("The form does not start with a payload field");
    }
    return decode(body);
  }

  /** How long {@link #payload} would be, found without decoding it; 0 when there is none. */
  public static int payloadLength(byte[] body) {
    return startsWithField(body) ? decodedLength(body) : 0;
  }

  private static boolean startsWithField(byte[] body) {
    return body.length >= FIELD.length
        && Arrays.equals(body, 0, FIELD.length, FIELD, 0, FIELD.length);
  }

  private static byte[] decode(byte[] body) {
    byte[] decoded = new byte[decodedLength(body)];
    int length = 0;
    for (int index = FIELD.length; index < body.length; index++) {
      byte value = body[index];
      if (value == '&') {
        throw new InvalidPayloadException("The form has more than its payload field");
      } else if (value == '+') {
        value = ' ';
      } else if (value == '%') {
        value = (byte) (digit(body, index + 1) << 4 | digit(body, index + 2));
        index += 2;
      }
      decoded[length++] = value;
    }
    return decoded;
  }

  private static int decodedLength(byte[] body) {
    int length = 0;
    for (int index = FIELD.length; index < body.length; index++, length++) {
      if (body[index] == '%') {
        index += 2;
      }
    }
    return length;
  }

  private static int digit(byte[] body, int index) {
    int digit = index < body.length ? Character.digit(body[index], 16) : -1;
    if (digit < 0) {
      throw new InvalidPayloadException("The form's payload field has broken percent-encoding");
    }
    return digit;
  }
}
