package dev.caravan.log;

import java.io.IOException;
import java.io.OutputStream;

/** Copies a log while it is in use. Safe for use by many threads. */
public interface LogBackup {
  /** How fast it is copied by default: so that accepting is hardly affected. */
  long USUAL_RATE = 32 << 20;

  /** About how many bytes that will be. */
  long size();

  /**
   * Writes a copy of the log as it is at the end, in the engine's own form.
   *
   * @param bytesPerSecond how fast what is in the log is read
   * @throws IOException when it cannot be written, or not read
   */
  void writeTo(OutputStream out, long bytesPerSecond) throws IOException;
}
