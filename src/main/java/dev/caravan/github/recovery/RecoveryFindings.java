package dev.caravan.github.recovery;

import dev.caravan.log.LogUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Figures of the recoveries of a running program. Safe for use by many threads. */
public final class RecoveryFindings {
  private long asked;
  private long arrived;
  private List<StillMissing> missing = List.of();
  private @Nullable ReceivingSide side;
  private @Nullable Instant last;

  /**
   * A recovery has ended.
   *
   * @param side the program it was for
   */
  synchronized void add(RecoveryReport report, ReceivingSide side, Instant at) {
    asked += report.asked();
    arrived += report.arrived();
    missing = report.missing();
    this.side = side;
    last = at;
  }

  /** How many deliveries GitHub was asked to send again. */
  public synchronized long asked() {
    return asked;
  }

  /** How many of those have arrived. */
  public synchronized long arrived() {
    return arrived;
  }

  /**
   * How many the last recovery did not get and have not arrived since, whoever asked for them. One
   * that GitHub has since forgotten no longer counts.
   */
  public synchronized long missing(Instant now) {
    Instant oldest = now.minus(Recovery.KEPT_BY_GITHUB);
    missing = missing.stream().filter(each -> each.deliveredAt().isAfter(oldest)).toList();
    if (side != null) {
      forgetWhatCame(side);
    }
    return missing.size();
  }

  private void forgetWhatCame(ReceivingSide side) {
    List<StillMissing> left = missing;
    try {
      for (int begin = 0; begin < missing.size(); begin += ReceivingSide.MOST_GUIDS) {
        int end = Math.min(missing.size(), begin + ReceivingSide.MOST_GUIDS);
        Set<String> here =
            side.known(missing.subList(begin, end).stream().map(StillMissing::guid).toList());
        left = left.stream().filter(each -> !here.contains(each.guid())).toList();
      }
      missing = left;
    } catch (LogUnavailableException e) { // it is checked when the log can be read again
      return;
    }
  }

  /** When the last one was; null before the first. */
  public synchronized @Nullable Instant last() {
    return last;
  }
}
