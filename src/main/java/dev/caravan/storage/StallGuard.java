package dev.caravan.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends an answer with an error when nothing of it has arrived for too long. */
final class StallGuard extends FilterInputStream {
  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private final Duration longest;
  private volatile boolean stalled;

  StallGuard(InputStream answer, Duration longest) {
    super(answer);
    this.longest = longest;
  }

  private static ScheduledThreadPoolExecutor watch() {
    ScheduledThreadPoolExecutor watch =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "storage-stalls");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    ScheduledFuture<?> alarm =
        WATCH.schedule(this::stalled, longest.toMillis(), TimeUnit.MILLISECONDS);
    int count;
    try {
      count = super.read(target, offset, length);
    } catch (IOException e) {
      throw stalled ? new SilentException(longest) : e;
    } finally {
      alarm.cancel(false);
    }
    if (stalled) {
      throw new SilentException(longest);
    }
    return count;
  }

  private void stalled() {
    stalled = true;
    try {
      close(); // which ends the read
    } catch (IOException e) {
      // it is over either way
    }
  }
}
