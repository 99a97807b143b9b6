package dev.caravan.log.tables;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * GUIDs as the index keeps them: short, and in order of time.
 *
 * <p>GitHub's are version 1 UUIDs, whose text starts with the fastest-changing part of the time.
 * With the slow part first, as version 6 does it (RFC 9562, "UUID Version 6"), new ones go to one
 * end of the index rather than all over it. Any other text is kept as it is.
 */
public final class Guids {
  private static final int UUID_LENGTH = 36;

  // The first byte of each says which form follows.
  private static final byte TIME_UUID = 1;
  private static final byte OTHER_UUID = 2;
  private static final byte TEXT = 3;

  private Guids() {}

  public static byte[] encode(String guid) {
    if (!isCanonicalUuid(guid)) {
      byte[] text = guid.getBytes(US_ASCII);
      return ByteBuffer.allocate(1 + text.length).put(TEXT).put(text).array();
    }
    UUID uuid = UUID.fromString(guid);
    long high = uuid.getMostSignificantBits();
    boolean ofTime = uuid.version() == 1;
    return ByteBuffer.allocate(1 + 2 * Long.BYTES)
        .put(ofTime ? TIME_UUID : OTHER_UUID)
        .putLong(ofTime ? slowPartFirst(high) : high)
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  public static String decode(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    return switch (bytes.get()) {
      case TIME_UUID -> new UUID(fastPartFirst(bytes.getLong()), bytes.getLong()).toString();
      case OTHER_UUID -> new UUID(bytes.getLong(), bytes.getLong()).toString();
      default -> new String(encoded, 1, encoded.length - 1, US_ASCII);
    };
  }

  /** Whether it is a UUID in the one form that {@link #decode} gives back. */
  private static boolean isCanonicalUuid(String guid) {
    if (guid.length() != UUID_LENGTH) {
      return false;
    }
    for (int index = 0; index < UUID_LENGTH; index++) {
      char letter = guid.charAt(index);
      boolean fits =
          switch (index) {
            case 8, 13, 18, 23 -> letter == '-';
            default -> (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static long slowPartFirst(long high) {
    long low = high >>> 32;
    long middle = (high >>> 16) & 0xFFFF;
    return (high & 0xFFFF) << 48 | middle << 32 | low;
  }

  private static long fastPartFirst(long encoded) {
    long versionAndHigh = encoded >>> 48;
    long middle = (encoded >>> 32) & 0xFFFF;
    return (encoded & 0xFFFF_FFFFL) << 32 | middle << 16 | versionAndHigh;
  }
}
