package dev.caravan.network.tls;

import dev.caravan.watch.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a new certificate, and uses it when it works. One that does not work changes nothing.
 * Warns when the one in use expires soon.
 */
final class CertificateWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.network.tls");
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final Watch<Certificate> watch;

  /**
   * @param inUse what the server has
   * @param end when that expires
   * @param changed is given each that works, on a thread of its own
   */
  CertificateWatch(TlsFiles files, Certificate inUse, Instant end, Consumer<Certificate> changed) {
    watch =
        new Watch<>(
            "certificate",
            LOOK_EVERY,
            new CertificateFiles(files, new CertificateEnd(files, end), changed),
            inUse);
  }

  @Override
  public void close() {
    watch.close();
  }

  private record CertificateFiles(
      TlsFiles files, CertificateEnd ending, Consumer<Certificate> changed)
      implements Watch.Subject<Certificate> {

    @Override
    public Certificate look() {
      ending.sayWhenNear(Instant.now());
      return Certificate.read(files);
    }

    @Override
    public void take(Certificate seen) {
      Instant end = seen.check(files);
      changed.accept(seen);
      LOG.info("The certificate in {} is in use; it ends on {}.", files.certificate(), end);
      ending.is(end);
    }

    @Override
    public void complain(String sentence) {
      LOG.warn("{} The certificate stays as it was.", sentence);
    }
  }
}
