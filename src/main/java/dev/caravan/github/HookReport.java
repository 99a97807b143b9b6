package dev.caravan.github;

import dev.caravan.github.checkup.Checkup;
import dev.caravan.github.recovery.RecoveryReport;
import dev.caravan.github.recovery.StillMissing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a question or of work at GitHub, for a page. Its names and reasons come from
 * GitHub: treat them as hostile.
 *
 * @param title what was asked for
 * @param problem why there is no result; empty when there is one
 * @param findings what is wrong, each with what to do
 * @param notes sentences about what is in order, or about the whole
 * @param lines one for each owner of hooks
 * @param proof the result of a recovery, or of a look at what is missing
 */
public record HookReport(
    String title,
    String problem,
    List<Checkup.Finding> findings,
    List<String> notes,
    List<Line> lines,
    @Nullable RecoveryReport proof) {
  private static final int MOST_SHOWN = 200;

  /** About the hook of one owner. */
  public record Line(String owner, String text, State state) {}

  /** The state of an owner's hook. */
  public enum State {
    /** As it should be. */
    IN_LINE,
    /** There is something to do. */
    DIFFERS,
    /** It could not be read, or could not be changed. */
    FAILED
  }

  /** Whether there is something to do about any hook. */
  public boolean isDifferent() {
    return lines.stream().anyMatch(line -> line.state() == State.DIFFERS);
  }

  /** As many of the missing ones as a page can show. */
  public List<StillMissing> shownMissing() {
    return proof == null ? List.of() : proof.missing().stream().limit(MOST_SHOWN).toList();
  }

  static HookReport failed(String title, String problem) {
    return new HookReport(title, problem, List.of(), List.of(), List.of(), null);
  }

  static HookReport of(String title, Checkup checkup) {
    return new HookReport(title, "", checkup.findings(), checkup.fine(), List.of(), null);
  }

  static HookReport of(String title, List<Line> lines) {
    return new HookReport(title, "", List.of(), List.of(), List.copyOf(lines), null);
  }

  static HookReport of(String title, List<String> notes, RecoveryReport proof) {
    return new HookReport(title, "", List.of(), notes, List.of(), proof);
  }
}
