package dev.caravan.github.checkup;

import dev.caravan.config.EveryAddress;
import dev.caravan.config.ProgramName;
import dev.caravan.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** Checks this machine: the data directory and its disk, the port, the certificate's dates. */
public final class LocalCheckup {
  private static final Duration SOON = Duration.ofDays(14);
  private static final long LITTLE = 1L << 30;
  private static final int PATIENCE_MILLIS = 2_000;

  private final Settings settings;
  private final UnaryOperator<Path> resolve;
  private final Instant now;

  /**
   * @param resolve makes a path of the settings one of this process
   */
  public LocalCheckup(Settings settings, UnaryOperator<Path> resolve, Instant now) {
    this.settings = settings;
    this.resolve = resolve;
    this.now = now;
  }

  /** Looks at all of it. */
  public void look(Checkup checkup) {
    lookAtData(resolve.apply(Path.of(settings.text("caravan.data"))), checkup);
    String host = settings.text("camel.server.host");
    if (!host.startsWith("unix:")) { // there is no port then
      lookAtPort(host, settings.integer("camel.server.port", 0, 65535), checkup);
    }
    String certificate = settings.text("caravan.tls.certificate");
    if (!certificate.isEmpty()) {
      lookAtCertificate(resolve.apply(Path.of(certificate)), checkup);
    }
  }

  private static void lookAtData(Path data, Checkup checkup) {
    if (!Files.isDirectory(data)) {
      checkup.found(
          "the data directory",
          data + " is not there yet",
          "Start the server with %s, or name the directory with --data."
              .formatted(ProgramName.with("run")));
      return;
    }
    if (!Files.isWritable(data)) {
      checkup.found(
          "the data directory",
          data + " cannot be written by this user",
          "Run this as the user that the server runs as, or give that user the directory.");
    }
    try {
      long free = Files.getFileStore(data).getUsableSpace();
      if (free < LITTLE) {
        checkup.found(
            "the disk",
            "of %s has %d MiB left".formatted(data, free >> 20),
            "Make room, or lower caravan.retention.size: when it is full, deliveries are answered 503.");
      } else {
        checkup.fine("%s has %d GiB left on its disk".formatted(data, free >> 30));
      }
    } catch (IOException e) {
      checkup.found("the disk", "of " + data + " cannot be looked at: " + e, "Mend that first.");
    }
  }

  private static void lookAtPort(String host, int port, Checkup checkup) {
    if (port == 0) {
      return; // a free one, which nobody outside knows
    }
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(EveryAddress.isMeantBy(host) ? "localhost" : host, port),
          PATIENCE_MILLIS);
      checkup.fine("port " + port + " is listened on");
    } catch (IOException e) {
      checkup.found("port " + port, "has nothing listening on it", ProgramName.with("run"));
    }
  }

  private void lookAtCertificate(Path file, Checkup checkup) {
    String about = "the certificate " + file;
    try (InputStream stream = Files.newInputStream(file)) {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificates(stream)
                  .iterator()
                  .next();
      Instant end = certificate.getNotAfter().toInstant();
      if (end.isBefore(now)) {
        checkup.found(about, "has expired on " + end, "Renew it: GitHub does not send to it.");
      } else if (end.isBefore(now.plus(SOON))) {
        checkup.found(
            about, "expires on " + end, "Renew it; a new file is used without a restart.");
      } else if (certificate.getNotBefore().toInstant().isAfter(now)) {
        checkup.found(about, "is not valid yet", "Look at the clock, or at the certificate.");
      } else {
        checkup.fine(about + " is valid until " + end);
      }
    } catch (IOException | CertificateException | RuntimeException e) {
      checkup.found(
          about,
          "cannot be read (%s)".formatted(e.getClass().getSimpleName()),
          ProgramName.with("check"));
    }
  }
}
