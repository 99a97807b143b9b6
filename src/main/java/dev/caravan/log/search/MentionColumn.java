package dev.caravan.log.search;

import dev.caravan.log.history.Topic;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;

/** The {@link Mentions} of each delivery of a stretch, one after the other. */
final class MentionColumn {
  private static final int MOST_OF_ONE = Short.MAX_VALUE;

  /** Two megabytes, which each search reads whole. */
  private static final int MOST_OF_ALL = 1 << 18;

  private final int[] end;
  private final long[] mentions;

  private MentionColumn(int[] end, long[] mentions) {
    this.end = end;
    this.mentions = mentions;
  }

  /**
   * @param mentions the mentions of each row, not {@linkplain #isTooLarge too large}
   */
  static byte[] encode(List<long[]> mentions) {
    int size = mentions.stream().mapToInt(each -> each.length).sum();
    ByteBuffer to = ByteBuffer.allocate(Short.BYTES * (1 + mentions.size()) + Long.BYTES * size);
    to.putShort((short) mentions.size());
    mentions.forEach(each -> to.putShort((short) each.length));
    for (long[] each : mentions) {
      for (long mention : each) {
        to.putLong(mention);
      }
    }
    return to.array();
  }

  /** Whether these cannot be kept, because there are too many altogether or in one delivery. */
  static boolean isTooLarge(List<long[]> mentions) {
    return mentions.stream().mapToLong(each -> each.length).sum() > MOST_OF_ALL
        || mentions.stream().anyMatch(each -> each.length > MOST_OF_ONE);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws RuntimeException when it is not that
   */
  static MentionColumn decode(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    int[] end = new int[from.getShort()];
    int last = 0;
    for (int row = 0; row < end.length; row++) {
      last += from.getShort();
      end[row] = last;
    }
    long[] mentions = new long[last];
    from.asLongBuffer().get(mentions);
    return new MentionColumn(end, mentions);
  }

  /** The rows that mention the topic. */
  BitSet rows(Topic topic) {
    BitSet found = new BitSet();
    if (Mentions.contain(mentions, topic)) { // usually none does
      for (int row = 0; row < end.length; row++) {
        if (Mentions.contain(mentions, row == 0 ? 0 : end[row - 1], end[row], topic)) {
          found.set(row);
        }
      }
    }
    return found;
  }
}
