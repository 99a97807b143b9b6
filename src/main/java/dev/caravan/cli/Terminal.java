package dev.caravan.cli;

import dev.caravan.logging.Printable;
import io.vertx.core.json.JsonObject;
import java.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a command prints on a terminal: text from outside, and tables. */
final class Terminal {
  private static final String GAP = "  ";

  private Terminal() {}

  /** The text in one line, without control characters; empty for null. */
  static String plain(@Nullable String text) {
    return text == null ? "" : Printable.line(text);
  }

  /** The same for any value in a table; a dash for null. */
  static String cell(@Nullable Object value) {
    return value == null ? "-" : plain(value.toString());
  }

  /**
   * Whether somebody is at a terminal. From Java 22 on there is also a console without a terminal,
   * which can be asked.
   */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isThere() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** A row of headings and one for each object, in aligned columns. */
  static List<String> table(
      List<String> headings, Iterable<?> objects, Function<JsonObject, List<String>> row) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(headings);
    objects.forEach(object -> rows.add(row.apply((JsonObject) object)));
    return table(rows);
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
}
