package dev.caravan.metrics;

import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of fixed size that holds values by time, in two rings of slots: one for every quarter of a
 * minute of an hour, and one for every five minutes of a week. A slot overwrites that of an hour or
 * a week before.
 *
 * <p>Never flushed: a chart may lose something in a power failure. Not safe for use by several
 * threads.
 */
final class HistoryFile implements AutoCloseable {
  static final Duration FINE = Duration.ofSeconds(15);
  static final Duration COARSE = Duration.ofMinutes(5);
  static final Duration FINE_FOR = Duration.ofHours(1);
  static final Duration COARSE_FOR = Duration.ofDays(7);

  private static final int SLOTS_FINE = (int) FINE_FOR.dividedBy(FINE);
  private static final int SLOTS_COARSE = (int) COARSE_FOR.dividedBy(COARSE);

  /** The time of a slot, its values, and room for series to come. */
  private static final int SLOT_BYTES = Long.BYTES * 32;

  private final FileChannel channel;

  /** When the slot began that was written last, by its length. */
  private final Map<Duration, Long> last = new HashMap<>();

  HistoryFile(Path file) throws IOException {
    channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            OwnerOnly.file(file));
  }

  /**
   * Values of one stretch of time.
   *
   * @param at when it began
   * @param values by the columns of {@link Series}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Slot(Instant at, long[] values) {}

  /** Adds what was seen at a time to both rings. */
  void add(Instant at, long[] values) throws IOException {
    add(at, values, FINE, 0, SLOTS_FINE);
    add(at, values, COARSE, SLOTS_FINE, SLOTS_COARSE);
  }

  /**
   * What is known about the last stretch of time of that length, oldest first. Five minutes that
   * are not over are left out: their counts are not yet those of five minutes.
   */
  List<Slot> read(Instant now, Duration span) throws IOException {
    boolean fine = span.compareTo(FINE_FOR) <= 0;
    int first = fine ? 0 : SLOTS_FINE;
    int slots = fine ? SLOTS_FINE : SLOTS_COARSE;
    Instant newest = fine ? now : now.minus(COARSE);
    ByteBuffer bytes = ByteBuffer.allocate(slots * SLOT_BYTES);
    channel.read(bytes, (long) first * SLOT_BYTES);
    int length = bytes.position();
    List<Slot> found = new ArrayList<>();
    for (int index = 0; (index + 1) * SLOT_BYTES <= length; index++) {
      Instant at = Instant.ofEpochSecond(bytes.getLong(index * SLOT_BYTES));
      if (at.isAfter(now.minus(span)) && !at.isAfter(newest)) {
        found.add(new Slot(at, values(bytes, index * SLOT_BYTES)));
      }
    }
    found.sort(Comparator.comparing(Slot::at));
    return found;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void add(Instant at, long[] values, Duration step, int first, int slots)
      throws IOException {
    long number = at.getEpochSecond() / step.toSeconds();
    long place = (first + number % slots) * SLOT_BYTES;
    long begin = number * step.toSeconds();
    ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    int length = channel.read(slot, place);
    // Else the clock was set back: what is there is of another stretch of time by the same name.
    boolean isOfNow = last.getOrDefault(step, begin) == begin;
    last.put(step, begin);
    boolean isSame = isOfNow && length == SLOT_BYTES && slot.getLong(0) == begin;
    slot.clear();
    long[] before = isSame ? values(slot, 0) : null;
    slot.putLong(0, begin);
    for (Series series : Series.values()) {
      int index = series.column();
      long value = before == null ? values[index] : series.merge(before[index], values[index]);
      slot.putLong((index + 1) * Long.BYTES, value);
    }
    while (slot.hasRemaining()) {
      channel.write(slot, place + slot.position());
    }
  }

  private static long[] values(ByteBuffer bytes, int place) {
    long[] values = new long[Series.values().length];
    for (int index = 0; index < values.length; index++) {
      values[index] = bytes.getLong(place + (index + 1) * Long.BYTES);
    }
    return values;
  }
}
