package dev.caravan.log.pages;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** Reads what {@link PageWriter} wrote. */
public final class PageReader {
  private PageReader() {}

  /**
   * Gives each page to the sink.
   *
   * @return how many pages the file has
   * @throws IOException when the stream was cut off, or is not what was written
   */
  public static int read(InputStream from, PageSink sink) throws IOException {
    CRC32C checksum = new CRC32C();
    DataInputStream in = new DataInputStream(new CheckedInputStream(from, checksum));
    byte[] bytes = new byte[PageSink.BYTES];
    try {
      for (int number = in.readInt(); number != 0; number = in.readInt()) {
        in.readFully(bytes);
        sink.page(number, ByteBuffer.wrap(bytes));
      }
      int pages = in.readInt();
      long expected = checksum.getValue();
      if (in.readLong() != expected) {
        throw new IOException("its checksum is wrong");
      }
      return pages;
    } catch (EOFException e) {
      throw new IOException("it was cut off", e);
    }
  }
}
