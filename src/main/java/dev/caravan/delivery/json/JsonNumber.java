package dev.caravan.delivery.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.StreamReadConstraints;
import org.jspecify.annotations.Nullable;

/** Checks a number in JSON. */
final class JsonNumber {
  /** The most digits, also of a number with an exponent once it is written out: Jackson's limit. */
  static final int MOST_DIGITS = StreamReadConstraints.DEFAULT_MAX_NUM_LEN;

  /** More than any exponent that is let through. */
  private static final long BEYOND = 1_000_000;

  private final byte[] bytes;
  private int at;
  private int digits;

  private JsonNumber(byte[] bytes, int start) {
    this.bytes = bytes;
    this.at = start;
  }

  /**
   * Where the number ends that begins here.
   *
   * @throws InvalidJsonException when none does, or it has more digits than are let through,
   *     written out or not: 1e9999 is four to a parser, and ten thousand to a route that calculates
   *     with it
   */
  static int end(byte[] bytes, int start) {
    return new JsonNumber(bytes, start).end();
  }

  /**
   * A whole number as the map of a route has it, or null for one with a fraction or an exponent.
   *
   * @param end where it was found to end
   */
  static @Nullable String whole(byte[] bytes, int start, int end) {
    for (int index = start; index < end; index++) {
      if (bytes[index] != '-' && !isDigit(bytes[index])) {
        return null;
      }
    }
    String written = new String(bytes, start, end - start, US_ASCII);
    return written.equals("-0") ? "0" : written;
  }

  private int end() {
    passIf('-');
    int first = at;
    int whole = passDigits();
    if (whole > 1 && bytes[first] == '0') {
      throw InvalidJsonException.notJson();
    }
    long scale = passIf('.') ? passDigits() : 0;
    if (passIf('e') || passIf('E')) {
      scale -= passExponent();
    }
    if (digits > MOST_DIGITS || Math.abs(scale) > MOST_DIGITS) {
      throw new InvalidJsonException("has a number of more than " + MOST_DIGITS + " digits");
    }
    return at;
  }

  private long passExponent() {
    boolean isNegative = passIf('-');
    if (!isNegative) {
      passIf('+');
    }
    int first = at;
    passDigits();
    long exponent = 0;
    for (int index = first; index < at; index++) {
      exponent = Math.min(BEYOND, 10 * exponent + bytes[index] - '0');
    }
    return isNegative ? -exponent : exponent;
  }

  /** How many; there must be one. */
  private int passDigits() {
    int first = at;
    while (at < bytes.length && isDigit(bytes[at])) {
      at++;
    }
    if (at == first) {
      throw InvalidJsonException.notJson();
    }
    digits += at - first;
    return at - first;
  }

  private boolean passIf(char mark) {
    boolean isHere = at < bytes.length && bytes[at] == mark;
    if (isHere) {
      at++;
    }
    return isHere;
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }
}
