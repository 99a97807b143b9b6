package dev.caravan.log.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.log.history.Topic;
import java.nio.ByteBuffer;

/**
 * Looks for a thread in a {@link Stretch} as it is stored: in a fraction of the time that it takes
 * to decode one, since among a million deliveries most stretches have none of a topic.
 */
final class EncodedThreads {
  private static final ByteBuffer NO_TEXT = ByteBuffer.allocate(0);

  private EncodedThreads() {}

  /**
   * Whether one of its deliveries has a thread of that topic.
   *
   * @throws RuntimeException when it is not an encoded stretch
   */
  static boolean have(byte[] stretch, Topic topic) {
    ByteBuffer from = Stretch.afterFormat(stretch);
    from.getShort(); // how many rows
    int kinds = from.getShort();
    from.position(from.position() + kinds * Integer.BYTES);
    hasText(from, NO_TEXT, NO_TEXT); // of a repository
    hasText(from, NO_TEXT, NO_TEXT); // of a sender
    return hasText(
        from,
        topic.ref() == null ? NO_TEXT : UTF_8.encode(topic.ref()),
        topic.number() == null ? NO_TEXT : UTF_8.encode("#" + topic.number()));
  }

  /** Whether one of the texts that come next is one of these; behind all of them afterwards. */
  private static boolean hasText(ByteBuffer from, ByteBuffer one, ByteBuffer other) {
    boolean found = false;
    for (int left = from.getShort(); left > 0; left--) {
      int length = from.getInt();
      found |= isNext(from, length, one) || isNext(from, length, other);
      from.position(from.position() + length);
    }
    return found;
  }

  private static boolean isNext(ByteBuffer from, int length, ByteBuffer text) {
    return length > 0
        && length == text.remaining()
        && from.slice(from.position(), length).equals(text);
  }
}
