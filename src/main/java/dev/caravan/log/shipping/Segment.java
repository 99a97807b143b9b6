package dev.caravan.log.shipping;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.caravan.log.pages.PageReader;
import dev.caravan.log.pages.PageSink;
import dev.caravan.log.pages.PageWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Some pages of a log's file, compressed: a head, then what {@link PageWriter} writes.
 *
 * @param name its name in the storage
 * @param previous the id of the segment before it; 0 for the first
 * @param at the moment that it shows
 * @param pages how many pages the file has then
 */
record Segment(SegmentName name, long previous, Instant at, int pages) {
  /** "CRVP", and the version of this format. */
  private static final long MAGIC = 0x4352565000000001L;

  private static final int LEVEL = 1;
  private static final int BUFFER = 64 * 1024;

  /** Writes pages one by one. */
  @FunctionalInterface
  interface Content {
    void write(PageSink sink) throws IOException;
  }

  void write(OutputStream to, Content content) throws IOException {
    DataOutputStream head = new DataOutputStream(to);
    head.writeLong(MAGIC);
    head.writeUTF(name.generation());
    head.writeInt(name.number());
    head.writeLong(name.id());
    head.writeBoolean(name.whole());
    head.writeLong(previous);
    head.writeLong(at.toEpochMilli());
    head.flush();
    try (OutputStream packed = new BufferedOutputStream(new ZstdOutputStream(to, LEVEL), BUFFER)) {
      PageWriter writer = new PageWriter(packed);
      content.write(writer);
      writer.end(pages);
    }
  }

  /**
   * Reads the segment of that name.
   *
   * @throws IOException when it is damaged, or is another one
   */
  static Segment read(SegmentName name, InputStream from, PageSink sink) throws IOException {
    DataInputStream head = new DataInputStream(new BufferedInputStream(from, BUFFER));
    if (head.readLong() != MAGIC) {
      throw new IOException("it is not a segment, or is one of a newer Caravan");
    }
    SegmentName inside =
        new SegmentName(head.readUTF(), head.readInt(), head.readLong(), head.readBoolean());
    if (!inside.equals(name)) {
      throw new IOException("it is another one, " + inside);
    }
    long previous = head.readLong();
    Instant at = Instant.ofEpochMilli(head.readLong());
    try (InputStream pages = new BufferedInputStream(new ZstdInputStream(head), BUFFER)) {
      return new Segment(name, previous, at, PageReader.read(pages, sink));
    }
  }
}
