package dev.caravan.log.shipping;

import dev.caravan.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes copies of the log that newer ones have replaced. */
final class OlderCopies {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private final Storage storage;
  private final int kept;

  /**
   * @param kept how many copies to keep, the newest included
   */
  OlderCopies(Storage storage, int kept) {
    this.storage = storage;
    this.kept = kept;
  }

  /** Deletes what is over that number, and what killed runs began. */
  void delete(Generation newest) {
    try {
      NavigableMap<String, List<SegmentName>> needless = SegmentName.byGeneration(storage.list(""));
      needless.remove(newest.name());
      needless.keySet().removeAll(kept(needless).keySet());
      for (List<SegmentName> segments : needless.values()) {
        for (SegmentName segment : segments) {
          storage.delete(segment.toString());
        }
      }
    } catch (IOException e) {
      LOG.warn("Older copies of the log in {} cannot be deleted: {}.", storage, CopyFailure.of(e));
    }
  }

  private NavigableMap<String, List<SegmentName>> kept(
      NavigableMap<String, List<SegmentName>> older) {
    NavigableMap<String, List<SegmentName>> whole = new TreeMap<>();
    older.forEach(
        (name, segments) -> {
          if (segments.stream().anyMatch(SegmentName::whole)) {
            whole.put(name, segments);
          }
        });
    while (whole.size() > kept - 1) { // the newest is kept as well
      whole.pollFirstEntry();
    }
    return whole;
  }
}
