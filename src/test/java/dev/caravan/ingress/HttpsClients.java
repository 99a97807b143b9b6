package dev.caravan.ingress;

import dev.caravan.network.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One certificate for all tests that need HTTP/2, and a client that trusts it. */
final class HttpsClients {
  private static final Path FOLDER = folder();
  private static final TestCertificate CERTIFICATE = new TestCertificate(FOLDER, "http2", "EC");

  /** AES takes four times as long where only the first compiler runs, as in tests. */
  private static final String[] QUICK = {"TLS_CHACHA20_POLY1305_SHA256"};

  private HttpsClients() {}

  /** What makes a server use it. */
  static Map<String, String> settings() {
    Path certificate = FOLDER.resolve("tls.crt");
    Path key = FOLDER.resolve("tls.key");
    CERTIFICATE.writeTo(certificate, key);
    return Map.of(
        "caravan.tls.certificate", certificate.toString(), "caravan.tls.key", key.toString());
  }

  static HttpClient http2() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_2)
        .sslContext(TestCertificate.trusting(CERTIFICATE))
        .sslParameters(new SSLParameters(QUICK))
        .build();
  }

  /** A connection that has yet to shake hands. */
  static SSLSocket socket(int port) throws IOException {
    return (SSLSocket)
        TestCertificate.trusting(CERTIFICATE)
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), port);
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("caravan-http2");
      folder.toFile().deleteOnExit(); // after what is in it, which is said later
      for (String file : new String[] {"tls.crt", "tls.key"}) {
        folder.resolve(file).toFile().deleteOnExit();
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
