package dev.caravan.delivery.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. Jackson lets
 * some of these through, and the result would not be what was signed.
 */
public final class Utf8 {
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** Whether all of it is. */
  public static boolean isValid(byte[] bytes) {
    int index = 0;
    while (index < bytes.length) {
      // Payloads are nearly all ASCII: eight bytes at a time.
      while (index <= bytes.length - 8 && ((long) EIGHT_BYTES.get(bytes, index) & HIGH_BITS) == 0) {
        index += 8;
      }
      if (index < bytes.length) {
        int length = bytes[index] >= 0 ? 1 : sequence(bytes, index);
        if (length == 0) {
          return false;
        }
        index += length;
      }
    }
    return true;
  }

  /** The length of the sequence of two bytes or more that starts here; 0 when it is broken. */
  private static int sequence(byte[] bytes, int index) {
    int lead = bytes[index] & 0xff;
    if (lead >= 0xc2 && lead <= 0xdf) {
      return follows(bytes, index + 1, 0x80, 0xbf) ? 2 : 0;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
      int least = lead == 0xe0 ? 0xa0 : 0x80; // below: overlong
      int most = lead == 0xed ? 0x9f : 0xbf; // above: surrogates
      return follows(bytes, index + 1, least, most) && follows(bytes, index + 2, 0x80, 0xbf)
          ? 3
          : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
      int least = lead == 0xf0 ? 0x90 : 0x80; // below: overlong
      int most = lead == 0xf4 ? 0x8f : 0xbf; // above: no character
      return follows(bytes, index + 1, least, most)
              && follows(bytes, index + 2, 0x80, 0xbf)
              && follows(bytes, index + 3, 0x80, 0xbf)
          ? 4
          : 0;
    }
    return 0;
  }

  private static boolean follows(byte[] bytes, int index, int least, int most) {
    if (index >= bytes.length) {
      return false;
    }
    int value = bytes[index] & 0xff;
    return value >= least && value <= most;
  }
}
