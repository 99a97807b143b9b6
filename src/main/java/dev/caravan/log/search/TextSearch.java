package dev.caravan.log.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Looks for a text, ignoring the case of ASCII letters. Safe for use by many threads. */
final class TextSearch {
  private final byte[] wanted;

  /**
   * @param text not empty
   */
  TextSearch(String text) {
    wanted = text.getBytes(UTF_8);
    if (wanted.length == 0) {
      throw new IllegalArgumentException("There is no text to look for");
    }
    for (int index = 0; index < wanted.length; index++) {
      wanted[index] = lower(wanted[index]);
    }
  }

  boolean isIn(@Nullable String text) {
    return text != null && isIn(text.getBytes(UTF_8));
  }

  /** Whether the text is in those bytes of UTF-8. */
  boolean isIn(byte[] bytes) {
    int last = bytes.length - wanted.length;
    byte first = wanted[0];
    for (int start = 0; start <= last; start++) {
      if (lower(bytes[start]) == first && isAt(bytes, start)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAt(byte[] bytes, int start) {
    for (int index = 1; index < wanted.length; index++) {
      if (lower(bytes[start + index]) != wanted[index]) {
        return false;
      }
    }
    return true;
  }

  private static byte lower(byte value) {
    return value >= 'A' && value <= 'Z' ? (byte) (value + ('a' - 'A')) : value;
  }
}
