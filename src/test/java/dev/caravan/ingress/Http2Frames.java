package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** HTTP/2 as it is written: frames (RFC 9113), and heads without compression (RFC 7541, 6.2.2). */
final class Http2Frames {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GO_AWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int ACK = 1;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int PRIORITIZED = 32;

  /** What stands before a head that is prioritized. */
  static final int PRIORITY_BYTES = 5;

  private Http2Frames() {}

  /** What a client says first, with settings that change nothing. */
  static byte[] preface() {
    return join("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1), frame(SETTINGS, 0, 0));
  }

  static byte[] frame(int type, int flags, int stream, byte[]... payload) {
    byte[] bytes = join(payload);
    return ByteBuffer.allocate(9 + bytes.length)
        .putInt((bytes.length << 8) | type)
        .put((byte) flags)
        .putInt(stream)
        .put(bytes)
        .array();
  }

  /** Fields, each "name: value", as a block of a head. */
  static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (String field : fields) {
      int colon = field.indexOf(": ", 1);
      block.write(0); // not indexed, and its name is written out
      text(block, field.substring(0, colon));
      text(block, field.substring(colon + 2));
    }
    return block.toByteArray();
  }

  /** A text without Huffman coding, after its length (RFC 7541, 5.1). */
  private static void text(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      for (length -= 127; length >= 128; length >>>= 7) {
        block.write((length & 127) | 128);
      }
      block.write(length);
    }
    block.writeBytes(text.getBytes(ISO_8859_1));
  }

  static byte[] number(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  static byte[] setting(int name, int value) {
    return ByteBuffer.allocate(6).putShort((short) name).putInt(value).array();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  static byte[] repeat(int times, byte[] part) {
    ByteBuffer all = ByteBuffer.allocate(times * part.length);
    for (int number = 0; number < times; number++) {
      all.put(part);
    }
    return all.array();
  }
}
