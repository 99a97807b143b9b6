package dev.caravan.logging;

/**
 * Text from outside made fit for a terminal or a log: what would begin a line of its own, steer a
 * terminal or hide something is written as an escape, such as {@code \n} or {@code \}{@code u001b}.
 * That is control characters, line ends, and characters that change the writing's direction.
 */
public final class Printable {
  private Printable() {}

  /** The text in one line. */
  public static String line(String text) {
    return escaped(text, false);
  }

  /** The same, but lines stay lines. */
  public static String lines(String text) {
    return escaped(text, true);
  }

  private static String escaped(String text, boolean keepLines) {
    int index = 0;
    while (index < text.length() && isFit(text, index, keepLines)) {
      index++;
    }
    if (index == text.length()) {
      return text; // as nearly always
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, index);
    for (; index < text.length(); index++) {
      char character = text.charAt(index);
      if (isFit(text, index, keepLines)) {
        escaped.append(character);
      } else {
        switch (character) {
          case '\n' -> escaped.append("\\n");
          case '\r' -> escaped.append("\\r");
          case '\t' -> escaped.append("\\t");
          default -> escaped.append("\\u%04x".formatted((int) character));
        }
      }
    }
    return escaped.toString();
  }

  private static boolean isFit(String text, int index, boolean keepLines) {
    char character = text.charAt(index);
    if (character >= ' ' && character <= '~') {
      return true;
    }
    if (!Character.isSurrogate(character)) {
      return (keepLines && character == '\n') || isFit(character);
    }
    // Half a surrogate pair is unfit; for a whole one, the character it stands for decides.
    int start = Character.isLowSurrogate(character) ? index - 1 : index;
    return start >= 0
        && start + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(start), text.charAt(start + 1))
        && isFit(text.codePointAt(start));
  }

  private static boolean isFit(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
