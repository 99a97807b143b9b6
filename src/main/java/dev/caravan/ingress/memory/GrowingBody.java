package dev.caravan.ingress.memory;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * The bytes of a body as they arrive, in an array that grows with them. Filled by one event loop;
 * any thread may read how many there are.
 */
public final class GrowingBody {
  private static final byte[] NOTHING = {};
  private static final int LEAST = 1024;

  // Once a quarter of the declared length has arrived, the rest is believed.
  private static final int BELIEVED = 4;

  private final long declared;
  private final int limit;
  private byte[] bytes = NOTHING;
  private volatile int length;
  private int capacity;

  /**
   * @param declared the declared length in bytes; -1 without one
   * @param limit the longest it may be, in bytes
   */
  public GrowingBody(long declared, int limit) {
    this.declared = declared;
    this.limit = limit;
  }

  public int length() {
    return length;
  }

  /** How large the array may be now. */
  public int capacity() {
    return capacity;
  }

  public void mayHave(int larger) {
    capacity = larger;
  }

  /** How large the array must be for that many bytes. */
  public int capacityFor(int needed) {
    if (needed <= declared && declared <= (long) BELIEVED * needed) {
      return (int) declared;
    }
    int doubled = Integer.highestOneBit(Math.max(needed - 1, LEAST - 1)) << 1;
    return Math.min(doubled, limit);
  }

  public void append(Buffer chunk) {
    int needed = length + chunk.length();
    if (length == 0 && needed == declared) {
      bytes = chunk.getBytes();
    } else {
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, capacity);
      }
      chunk.getBytes(bytes, length);
    }
    length = needed;
  }

  /** The whole body; forgets it. */
  public byte[] take() {
    byte[] whole = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    bytes = NOTHING;
    return whole;
  }

  public void drop() {
    bytes = NOTHING;
  }
}
