package dev.caravan.network.tls;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns that a certificate expires: every week in its last month, every day in its last week and
 * after it has expired. For one thread.
 */
final class CertificateEnd {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.network.tls");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MONTH = Duration.ofDays(30);

  private final TlsFiles files;
  private Instant end;
  private @Nullable Instant lastSaid;

  CertificateEnd(TlsFiles files, Instant end) {
    this.files = files;
    this.end = end;
  }

  /** Another certificate is in use. */
  void is(Instant newEnd) {
    end = newEnd;
    lastSaid = null;
  }

  /** Call it at intervals. */
  void sayWhenNear(Instant now) {
    Duration left = Duration.between(now, end);
    Duration pause = left.compareTo(WEEK) > 0 ? WEEK : DAY;
    if (left.compareTo(MONTH) > 0
        || (lastSaid != null && Duration.between(lastSaid, now).abs().compareTo(pause) < 0)) {
      return;
    }
    lastSaid = now;
    if (left.isNegative()) {
      LOG.error(
          "The certificate in {} ended on {}. Clients that check it, such as GitHub, refuse to send. Put a new one there.",
          files.certificate(),
          end);
    } else {
      LOG.warn(
          "The certificate in {} ends on {}. After that, clients that check it, such as GitHub, refuse to send.",
          files.certificate(),
          end);
    }
  }
}
