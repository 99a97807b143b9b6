package dev.caravan.log.pages;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes pages of a log's file; when one comes twice, the later is the right one. */
@FunctionalInterface
public interface PageSink {
  /** Bytes of a page. */
  int BYTES = 4096;

  /**
   * Takes one.
   *
   * @param number its place in the file, from 1
   * @param content its bytes; the buffer is used again after this call
   */
  void page(int number, ByteBuffer content) throws IOException;
}
