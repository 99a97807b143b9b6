package dev.caravan.log.sqlite;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How far a subscription has come: up to where it has read the log, and what of that it has not
 * finished.
 *
 * <p>Not safe for use by several threads.
 */
final class Progress {
  private static final int MOST_BYTES_OF_A_NUMBER = 10;

  private final TreeSet<Long> unfinished = new TreeSet<>();
  private long readTo;
  private long finishedTo;

  /**
   * @param next where to read on
   */
  Progress(long next) {
    this.readTo = next;
    this.finishedTo = next;
  }

  /**
   * What is kept of a progress: everything before {@code next} is finished but for the positions
   * listed.
   */
  record Snapshot(long next, List<Long> unfinished) {}

  /** The first position not read yet. */
  long readTo() {
    return readTo;
  }

  /** The log was read up to, and without, this position. */
  void readTo(long position) {
    readTo = position;
  }

  void started(long position) {
    unfinished.add(position);
  }

  void finished(long position) {
    unfinished.remove(position);
    finishedTo = Math.max(finishedTo, position + 1);
  }

  /** The position turned out to be none of ours. */
  void skipped(long position) {
    unfinished.remove(position);
  }

  boolean isUnfinished(long position) {
    return unfinished.contains(position);
  }

  /** Whether the position is still to be run by the cursor: read and not finished, or not read. */
  boolean isAhead(long position) {
    return position >= readTo || unfinished.contains(position);
  }

  /** How many positions were read and are not finished. */
  int unfinished() {
    return unfinished.size();
  }

  /** The first position that is still to be run, as far as is known. */
  long firstAhead() {
    return unfinished.isEmpty() ? readTo : Math.min(readTo, unfinished.first());
  }

  /**
   * What to keep. With nothing unfinished, that is all that was read; else only as far as something
   * was finished, so that the list stays as short as what runs at once.
   */
  Snapshot snapshot() {
    return unfinished.isEmpty()
        ? new Snapshot(readTo, List.of())
        : new Snapshot(
            Math.max(finishedTo, unfinished.first()),
            List.copyOf(unfinished.headSet(Math.max(finishedTo, unfinished.first()))));
  }

  /** Positions as differences, seven bits to a byte. */
  static byte[] encode(List<Long> positions) {
    ByteBuffer bytes = ByteBuffer.allocate(positions.size() * MOST_BYTES_OF_A_NUMBER);
    long last = 0;
    for (long position : positions) {
      long difference = position - last;
      while (difference > 0x7F) {
        bytes.put((byte) ((difference & 0x7F) | 0x80));
        difference >>>= 7;
      }
      bytes.put((byte) difference);
      last = position;
    }
    byte[] encoded = new byte[bytes.position()];
    bytes.flip().get(encoded);
    return encoded;
  }

  static List<Long> decode(byte[] encoded) {
    List<Long> positions = new ArrayList<>();
    long last = 0;
    long difference = 0;
    int shift = 0;
    for (byte value : encoded) {
      difference |= (long) (value & 0x7F) << shift;
      shift += 7;
      if (value >= 0) {
        last += difference;
        positions.add(last);
        difference = 0;
        shift = 0;
      }
    }
    return positions;
  }
}
