package dev.caravan.console;

import dev.caravan.rehearsal.ComparedDelivery;
import dev.caravan.rehearsal.Rehearsed;
import dev.caravan.rehearsal.Verdict;
import dev.caravan.rehearsal.WhatIf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a rehearsal, for its page.
 *
 * @param state its progress
 * @param rows the deliveries to show
 * @param taken how many pairs of delivery and route succeed
 * @param failing how many fail
 * @param notWanted how many are not wanted
 * @param different how many deliveries the running routes would treat differently
 * @param isAll whether deliveries without a difference are shown, too
 */
public record WhatIfView(
    WhatIf.State state,
    List<ComparedDelivery> rows,
    long taken,
    long failing,
    long notWanted,
    long different,
    boolean isAll) {

  /** The view of what is known now; null when nothing was asked. */
  static @Nullable WhatIfView of(WhatIf.@Nullable State state, boolean all, int most) {
    if (state == null) {
      return null;
    }
    List<ComparedDelivery> rows = state.rows();
    long different = rows.stream().filter(ComparedDelivery::isDifferent).count();
    boolean isAll = all || different == 0;
    return new WhatIfView(
        state,
        rows.stream().filter(row -> isAll || row.isDifferent()).limit(most).toList(),
        count(rows, Verdict.TAKEN),
        count(rows, Verdict.RETRIED)
            + count(rows, Verdict.DEAD_LETTER)
            + count(rows, Verdict.NOT_ENDED),
        count(rows, Verdict.NOT_WANTED),
        different,
        isAll);
  }

  private static long count(List<ComparedDelivery> rows, Verdict verdict) {
    return rows.stream()
        .flatMap(row -> row.told().stream())
        .filter(told -> told.candidate().verdict() == verdict)
        .count();
  }

  /** How many are left out for their number. */
  public long left() {
    return (isAll ? state.rows().size() : different) - rows.size();
  }

  /** The style class of a verdict. */
  public static String mark(Rehearsed rehearsed) {
    return switch (rehearsed.verdict()) {
      case TAKEN -> "completed";
      case NOT_WANTED -> "plain";
      case RETRIED -> "waiting";
      case DEAD_LETTER, NOT_ENDED -> "failed";
    };
  }
}
