package dev.caravan.wording;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a mistyped name was most likely meant to be. */
public final class NearNames {
  private static final int MOST_EDITS = 2;
  private static final int MOST = 3;

  private NearNames() {}

  /** Those of the names that differ from the word by few letters, the nearest first. */
  public static List<String> of(String word, Stream<String> names) {
    return names
        .filter(name -> edits(word, name) <= MOST_EDITS)
        .sorted(Comparator.comparingInt(name -> edits(word, name)))
        .limit(MOST)
        .toList();
  }

  /** Letters added, dropped, replaced or exchanged with the next to make one of the other. */
  private static int edits(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int row = 0; row <= from.length(); row++) {
      for (int column = 0; column <= to.length(); column++) {
        if (row == 0 || column == 0) {
          cost[row][column] = row + column;
          continue;
        }
        boolean same = from.charAt(row - 1) == to.charAt(column - 1);
        int least =
            Math.min(
                cost[row - 1][column - 1] + (same ? 0 : 1),
                1 + Math.min(cost[row - 1][column], cost[row][column - 1]));
        boolean exchanged =
            row > 1
                && column > 1
                && from.charAt(row - 1) == to.charAt(column - 2)
                && from.charAt(row - 2) == to.charAt(column - 1);
        cost[row][column] = exchanged ? Math.min(least, 1 + cost[row - 2][column - 2]) : least;
      }
    }
    return cost[from.length()][to.length()];
  }
}
