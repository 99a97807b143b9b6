package dev.caravan.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows the progress of long work in one line of a terminal; without a terminal, nothing. */
final class ProgressLine implements AutoCloseable {
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final double MEBIBYTE = 1 << 20;

  private final PrintWriter err;
  private final boolean isShown;
  private long next = System.nanoTime() + BETWEEN_NANOS;
  private int width;

  private ProgressLine(PrintWriter err, boolean isShown) {
    this.err = err;
    this.isShown = isShown;
  }

  static ProgressLine on(PrintWriter err) {
    return new ProgressLine(err, Terminal.isThere());
  }

  void bytes(long done, long all) {
    if (isDue()) {
      show(String.format(Locale.ROOT, "%.0f of about %.0f MiB", done / MEBIBYTE, all / MEBIBYTE));
    }
  }

  void part(String what, long done, long all) {
    if (isDue()) {
      show(String.format(Locale.ROOT, "%s: %,d of %,d", what, done, all));
    }
  }

  /** How long something took. */
  static String seconds(long began) {
    return String.format(
        Locale.ROOT, "%.1f s", (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1));
  }

  private boolean isDue() {
    if (!isShown || System.nanoTime() - next < 0) {
      return false;
    }
    next = System.nanoTime() + BETWEEN_NANOS;
    return true;
  }

  private void show(String text) {
    err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
    err.flush();
    width = text.length();
  }

  @Override
  public void close() {
    if (width > 0) {
      err.print("\r" + " ".repeat(width) + "\r");
      err.flush();
    }
  }
}
