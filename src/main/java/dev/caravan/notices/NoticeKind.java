package dev.caravan.notices;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a notice can be about. */
public enum NoticeKind {
  /** A subscription has given up on a delivery. */
  DEAD_LETTER,
  /** Deliveries cannot be accepted: the disk is full, the log is damaged or does not answer. */
  TROUBLE,
  /** Deliveries were answered 503 or 408: too much at once, not stored, or too slow to arrive. */
  TURNED_AWAY,
  /** Hooks of an owner have sent nothing for much longer than is usual for them. */
  SILENT_HOOKS,
  /** Most attempts of a subscription fail. */
  FAILING,
  /** A route file cannot run as it is. */
  ROUTE_FILE;

  /** As it is written in an address and a header: {@code dead-letter}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All of them, as they are written. */
  static List<String> words() {
    return Arrays.stream(values()).map(NoticeKind::word).toList();
  }
}
