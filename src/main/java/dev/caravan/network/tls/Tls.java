package dev.caravan.network.tls;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** TLS on a port, with whatever certificate is in the files at the moment. */
public final class Tls implements AutoCloseable {
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

  // Only with forward secrecy and authenticated encryption: no static RSA, no CBC.
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
  private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

  private final LiveKeyManager keys;
  private final CertificateWatch watch;

  /**
   * Reads the files, and begins to watch them.
   *
   * @throws IllegalStateException with a sentence for the user when they cannot be used
   */
  public Tls(TlsFiles files) {
    Certificate certificate = Certificate.read(files);
    Instant end = certificate.check(files);
    try {
      keys = new LiveKeyManager(certificate.keys());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(files.certificate() + " cannot be used for TLS", e);
    }
    watch = new CertificateWatch(files, certificate, end, this::use);
  }

  /**
   * When the certificate in these files expires.
   *
   * @throws IllegalStateException with a sentence for the user when they cannot be used
   */
  public static Instant endOf(TlsFiles files) {
    return Certificate.read(files).check(files);
  }

  /**
   * Finds out whether the files can be used.
   *
   * @throws IllegalStateException with a sentence for the user when they cannot
   */
  public static void check(TlsFiles files) {
    Certificate.read(files).check(files);
  }

  /** Lets a server speak TLS 1.2 and 1.3, and HTTP/2 within it, and nothing else. */
  public void addTo(HttpServerOptions options) {
    // Read by Java once, at the first handshake of a server.
    if (System.getProperty(NO_RENEGOTIATION) == null) {
      System.setProperty(NO_RENEGOTIATION, "true");
    }
    SUITES.forEach(options::addEnabledCipherSuite);
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setEnabledSecureTransportProtocols(PROTOCOLS)
        .setKeyCertOptions(KeyCertOptions.wrap(keys));
  }

  /** Stops watching the files. */
  @Override
  public void close() {
    watch.close();
  }

  private void use(Certificate certificate) {
    try {
      keys.use(certificate.keys());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The new certificate cannot be used for TLS", e);
    }
  }
}
