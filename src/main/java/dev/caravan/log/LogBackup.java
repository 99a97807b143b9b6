package dev.caravan.log;

import java.io.IOException;
import java.io.OutputStream;

/** Copies a log while it is in use. Safe for use by many threads. */
public interface LogBackup {
  /** Bytes a second by default: slow enough to hardly affect accepting. */
  long USUAL_RATE = 32 << 20;

  /** About how many bytes a copy will have. */
  long size();

  /**
   * Writes a copy of the log, as it is when the copy ends, in the engine's own form.
   *
   * @param bytesPerSecond how fast the log is read
   * @throws IOException when the log cannot be read or the copy cannot be written
   */
  void writeTo(OutputStream out, long bytesPerSecond) throws IOException;
}
