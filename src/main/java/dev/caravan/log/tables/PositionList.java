package dev.caravan.log.tables;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Positions in ascending order as they are stored: as differences, seven bits to a byte. */
public final class PositionList {
  private static final int MOST_BYTES_OF_A_NUMBER = 10;

  private PositionList() {}

  public static byte[] encode(List<Long> positions) {
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

  public static List<Long> decode(byte[] encoded) {
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
