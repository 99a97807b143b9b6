package dev.caravan.log.pages;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes pages to a stream: each after its number; at the end 0 instead of a number, how many pages
 * the file has, and a checksum of everything before. The end shows that a stream was not cut off.
 */
public final class PageWriter implements PageSink {
  private final CRC32C checksum = new CRC32C();
  private final DataOutputStream out;
  private final byte[] bytes = new byte[BYTES];

  public PageWriter(OutputStream out) {
    this.out = new DataOutputStream(new CheckedOutputStream(out, checksum));
  }

  @Override
  public void page(int number, ByteBuffer content) throws IOException {
    content.get(bytes);
    out.writeInt(number);
    out.write(bytes);
  }

  /**
   * Says that these were all.
   *
   * @param pages how many the file has
   */
  public void end(int pages) throws IOException {
    out.writeInt(0);
    out.writeInt(pages);
    out.writeLong(checksum.getValue());
    out.flush();
  }
}
