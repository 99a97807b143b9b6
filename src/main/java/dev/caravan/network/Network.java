package dev.caravan.network;

import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A range of addresses, IPv4 or IPv6, as in {@code 192.30.252.0/22}; or a single one. */
final class Network {
  private final byte[] address;
  private final int bits;

  private Network(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * Reads one. Names are not looked up.
   *
   * @throws IllegalArgumentException for anything else; the message continues after the text itself
   */
  static Network of(String text) {
    int slash = text.indexOf('/');
    byte[] address = address(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException("which is not a network such as 10.0.0.0/8 or fd00::/8");
    }
    int bits = slash < 0 ? address.length * 8 : bits(text.substring(slash + 1));
    if (bits < 0 || bits > address.length * 8) {
      throw new IllegalArgumentException(
          "whose length is not a number from 0 to " + address.length * 8);
    }
    Network network = new Network(address, bits);
    for (int bit = bits; bit < address.length * 8; bit++) {
      if ((address[bit / 8] & 0x80 >> bit % 8) != 0) {
        throw new IllegalArgumentException(
            "whose address continues after its /"
                + bits
                + ". Write zeros there, or a longer length");
      }
    }
    return network;
  }

  /** The bytes of an address, those of IPv4 for one mapped into IPv6; null when it is not one. */
  static byte @Nullable [] address(String text) {
    // A zone (fe80::1%eth0) says which interface, not which host.
    int zone = text.indexOf('%');
    byte[] bytes =
        NetUtil.createByteArrayFromIpAddressString(zone < 0 ? text : text.substring(0, zone));
    return bytes == null ? null : withoutMapping(bytes);
  }

  /** The four bytes of an IPv4 address that is mapped into IPv6, else the bytes themselves. */
  static byte[] withoutMapping(byte[] bytes) {
    if (bytes.length == 4) {
      return bytes;
    }
    for (int index = 0; index < 12; index++) {
      if (bytes[index] != (index < 10 ? 0 : (byte) 0xff)) {
        return bytes;
      }
    }
    return new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]};
  }

  /**
   * The part of an address that distinguishes one client from another. A client with one IPv6
   * address has at least 2^64 of them, so there it is the first half.
   */
  static Object client(byte[] address) {
    byte[] bytes = withoutMapping(address);
    return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, 8));
  }

  boolean contains(byte[] other) {
    if (other.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    for (int index = 0; index < whole; index++) {
      if (other[index] != address[index]) {
        return false;
      }
    }
    int rest = bits % 8;
    int mask = 0xff00 >> rest & 0xff;
    return rest == 0 || (other[whole] & mask) == (address[whole] & mask);
  }

  private static int bits(String text) {
    try {
      return text.length() > 3 ? -1 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
