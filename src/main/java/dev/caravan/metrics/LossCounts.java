package dev.caravan.metrics;

import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.log.LogFigures;
import dev.caravan.log.figures.DeadLetteredCount;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The counts of this program that {@link KeptCounts} keeps, and the names they are kept under. */
public final class LossCounts {
  private static final String ACCEPTED = "accepted";
  private static final String REFUSED = "refused/";
  private static final String DEAD_LETTERED = "dead-lettered/";

  private final KeptCounts kept;
  private volatile Map<String, Long> written = Map.of();

  private LossCounts(KeptCounts kept) {
    this.kept = kept;
  }

  /** Begins to keep what is counted by those two. */
  public static LossCounts keep(KeptCounts kept, Ingress ingress, LogFigures log) {
    KnownKinds kinds = new KnownKinds();
    deadLettered(kept.before()).forEach(each -> kinds.add(each.subscription(), each.error()));
    kept.start(() -> counted(ingress, log, kinds));
    return new LossCounts(kept);
  }

  private static Map<String, Long> counted(Ingress ingress, LogFigures log, KnownKinds kinds) {
    Map<String, Long> counts = new TreeMap<>();
    counts.put(ACCEPTED, ingress.accepted());
    ingress.refused().forEach((reason, count) -> counts.put(name(reason), count));
    for (DeadLetteredCount each : log.deadLettered()) {
      String kind = kinds.name(each.subscription(), each.error());
      counts.merge(DEAD_LETTERED + each.subscription() + "/" + kind, each.count(), Long::sum);
    }
    return counts;
  }

  private static String name(RefusalReason reason) {
    return REFUSED + reason.name().toLowerCase(Locale.ROOT);
  }

  /** Writes their current values into the file; they are shown as they were then. */
  void write() {
    written = kept.write();
  }

  long accepted() {
    return written.getOrDefault(ACCEPTED, 0L);
  }

  /** How many requests were refused, for each reason there is. */
  Map<RefusalReason, Long> refused() {
    Map<String, Long> totals = written;
    Map<RefusalReason, Long> refused = new TreeMap<>();
    Arrays.stream(RefusalReason.values())
        .forEach(reason -> refused.put(reason, totals.getOrDefault(name(reason), 0L)));
    return refused;
  }

  /** How many deliveries became dead letters, by subscription and kind of error. */
  List<DeadLetteredCount> deadLettered() {
    return deadLettered(written);
  }

  private static List<DeadLetteredCount> deadLettered(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .filter(each -> each.getKey().startsWith(DEAD_LETTERED))
        .filter(each -> each.getKey().lastIndexOf('/') >= DEAD_LETTERED.length()) // else by hand
        .map(each -> deadLettered(each.getKey().substring(DEAD_LETTERED.length()), each.getValue()))
        .toList();
  }

  private static DeadLetteredCount deadLettered(String name, long count) {
    int end = name.lastIndexOf('/'); // which no kind of error contains
    return new DeadLetteredCount(name.substring(0, end), name.substring(end + 1), count);
  }
}
