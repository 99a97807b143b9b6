package dev.caravan.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes text from outside fit for a terminal. */
final class Terminal {
  private static final String GAP = "  ";

  private Terminal() {}

  /**
   * The text in one line, with {@code \}{@code uXXXX} for what would steer a terminal or hide
   * something: control characters, line ends, and characters that change the writing's direction.
   */
  static String plain(@Nullable String text) {
    return text == null ? "" : escaped(text, false);
  }

  /** The same, but lines stay lines. */
  static String lines(String text) {
    return escaped(text, true);
  }

  /** Rows in aligned columns; the last column is as wide as it needs to be. */
  static List<String> table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int width = row.get(column).length();
        if (column == widths.size()) {
          widths.add(width);
        } else {
          widths.set(column, Math.max(widths.get(column), width));
        }
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      line.append(cell);
      if (column < row.size() - 1) {
        line.append(" ".repeat(widths.get(column) - cell.length())).append(GAP);
      }
    }
    return line.toString().stripTrailing();
  }

  private static String escaped(String text, boolean keepLines) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int index = 0; index < text.length(); index++) {
      char character = text.charAt(index);
      if ((keepLines && character == '\n') || !isUnfit(text, index)) {
        plain.append(character);
      } else {
        plain.append("\\u%04x".formatted((int) character));
      }
    }
    return plain.toString();
  }

  private static boolean isUnfit(String text, int index) {
    char character = text.charAt(index);
    if (Character.isSurrogate(character)) {
      // Half a pair is unfit; of a whole one, what both halves stand for decides.
      int start = Character.isLowSurrogate(character) ? index - 1 : index;
      return start < 0
          || start + 1 >= text.length()
          || !Character.isSurrogatePair(text.charAt(start), text.charAt(start + 1))
          || isUnfit(text.codePointAt(start));
    }
    return isUnfit((int) character);
  }

  private static boolean isUnfit(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
