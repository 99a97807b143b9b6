package dev.caravan.network;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a new certificate: looks at the files every half second, and takes what has looked the
 * same twice and works. One that does not work changes nothing. Says when the one in use ends soon.
 */
final class CertificateWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.network.tls");
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final TlsFiles files;
  private final Consumer<Certificate> changed;
  private final CertificateEnd ending;
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "certificate");
            thread.setDaemon(true);
            return thread;
          });
  private Certificate lastSeen;
  private Certificate lastTried;
  private String lastComplaint = "";

  /**
   * @param inUse what the server has
   * @param end when that ends
   * @param changed is given each that works, on a thread of its own
   */
  CertificateWatch(TlsFiles files, Certificate inUse, Instant end, Consumer<Certificate> changed) {
    this.files = files;
    this.changed = changed;
    this.ending = new CertificateEnd(files, end);
    this.lastSeen = inUse;
    this.lastTried = inUse;
    ScheduledFuture<?> unused =
        watcher.scheduleWithFixedDelay(
            this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    watcher.shutdownNow();
  }

  private void look() {
    try {
      Certificate seen = Certificate.read(files);
      if (seen.equals(lastSeen) && !seen.equals(lastTried)) {
        lastTried = seen;
        Instant end = seen.check(files);
        changed.accept(seen);
        LOG.info("The certificate in {} is in use; it ends on {}.", files.certificate(), end);
        ending.is(end);
      }
      lastSeen = seen;
      ending.sayWhenNear(Instant.now());
      lastComplaint = "";
    } catch (RuntimeException e) {
      String complaint = String.valueOf(e.getMessage());
      if (!complaint.equals(lastComplaint)) {
        lastComplaint = complaint;
        LOG.warn("{} The certificate stays as it was.", complaint);
      }
    }
  }
}
