package dev.caravan.log.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The part of a delivery that goes into the {@code content} table: its headers and its body,
 * compressed together.
 *
 * <p>Before compression: the length of the headers in four bytes, the headers as {@code Name:
 * value} lines, the body.
 */
public final class ContentCodec {
  private static final int LEVEL = 3;

  /** Bytes; above this a second copy of the body costs more than a slower call. */
  private static final int STREAMED = 256 * 1024;

  private ContentCodec() {}

  /** Proves a stored payload intact, and tells a repeat from a GUID used for something else. */
  public static int checksum(byte[] payload) {
    CRC32C checksum = new CRC32C();
    checksum.update(payload);
    return (int) checksum.getValue();
  }

  /**
   * Content ready to be stored.
   *
   * @param length bytes before compression
   * @param dictionary the number of the dictionary it was compressed with
   */
  @SuppressWarnings("ArrayRecordComponent") // only carried, never compared
  public record Packed(int length, int dictionary, byte[] bytes) {}

  /** Headers and body as they were appended. */
  @SuppressWarnings("ArrayRecordComponent") // only carried, never compared
  public record Content(Map<String, String> headers, byte[] body) {}

  public static Packed pack(Map<String, String> headers, byte[] body, Dictionary dictionary) {
    byte[] lines = lines(headers);
    byte[] size = ByteBuffer.allocate(Integer.BYTES).putInt(lines.length).array();
    int length = size.length + lines.length + body.length;
    return body.length > STREAMED
        ? new Packed(length, Dictionary.NO_ID, stream(size, lines, body))
        : new Packed(length, dictionary.id(), dictionary.compress(size, lines, body));
  }

  /**
   * The headers and body that were packed.
   *
   * @param dictionary the one that the packed content names
   */
  public static Content unpack(Packed packed, Dictionary dictionary) {
    if (packed.length() > STREAMED && packed.dictionary() == Dictionary.NO_ID) {
      return unpackStream(packed);
    }
    ByteBuffer bytes = ByteBuffer.wrap(dictionary.decompress(packed.bytes(), packed.length()));
    byte[] lines = new byte[bytes.getInt()];
    bytes.get(lines);
    byte[] body = new byte[bytes.remaining()];
    bytes.get(body);
    return new Content(headers(lines), body);
  }

  private static byte[] stream(byte[] size, byte[] lines, byte[] body) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4);
    try (ZstdOutputStream zstd = new ZstdOutputStream(packed, LEVEL)) {
      zstd.write(size);
      zstd.write(lines);
      zstd.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static Content unpackStream(Packed packed) {
    try (DataInputStream plain =
        new DataInputStream(new ZstdInputStream(new ByteArrayInputStream(packed.bytes())))) {
      int size = plain.readInt();
      int most = packed.length() - Integer.BYTES;
      if (size < 0 || size > most) {
        throw new IllegalArgumentException("its headers cannot be " + size + " bytes");
      }
      byte[] lines = new byte[size];
      plain.readFully(lines);
      byte[] body = new byte[most - size];
      plain.readFully(body);
      return new Content(headers(lines), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] lines(Map<String, String> headers) {
    StringBuilder lines = new StringBuilder(512);
    headers.forEach((name, value) -> lines.append(name).append(": ").append(value).append('\n'));
    return lines.toString().getBytes(UTF_8);
  }

  private static Map<String, String> headers(byte[] lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    new String(lines, UTF_8)
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(": ");
              headers.put(line.substring(0, colon), line.substring(colon + 2));
            });
    return headers;
  }
}
