package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.network.TestCertificate;
import dev.caravan.network.tls.OwnCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The management port with a certificate. */
class ManagementTlsTest {
  @TempDir Path directory;
  private Path certificate;
  private Path key;
  private Site site;

  @BeforeEach
  void name() {
    certificate = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    site =
        new Site(directory)
            .set("caravan.management.tls.certificate", certificate.toString())
            .set("caravan.management.tls.key", key.toString());
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void healthAndMetricsAreServedOverTlsAndNotWithout() throws Exception {
    new TestCertificate(directory, "one", "EC").writeTo(certificate, key);
    site.start();

    assertThat(site.server().managementUrl()).startsWith("https://");
    assertThat(status(certificate, "/observe/health/ready")).isEqualTo(200);
    assertThat(status(certificate, "/observe/metrics")).isEqualTo(200);
    assertThatThrownBy(() -> site.get("/observe/health/ready"))
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aNewCertificateIsTakenWithoutARestart() throws Exception {
    new TestCertificate(directory, "before", "EC").writeTo(certificate, key);
    site.start();
    Path other = Files.createDirectory(directory.resolve("after"));
    TestCertificate after = new TestCertificate(other, "after", "RSA");
    Path trusted = other.resolve("tls.crt");
    after.writeTo(trusted, other.resolve("tls.key"));
    assertThatThrownBy(() -> status(trusted, "/observe/health/live"))
        .isInstanceOf(SSLHandshakeException.class);

    after.writeTo(certificate, key);

    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(status(trusted, "/observe/health/live")).isEqualTo(200));
  }

  @Test
  void aNewCertificateThatCannotBeUsedLeavesWhatIsSaidOfTheOneInUse() throws Exception {
    new TestCertificate(directory, "one", "EC").writeTo(certificate, key);
    site.start();
    String end = end();

    Files.writeString(key, "half of a ");

    assertThat(end()).isEqualTo(end);
  }

  /** What a scrape says of the end of the certificate. */
  private String end() throws IOException, InterruptedException {
    return answer(certificate, "/observe/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("caravan_certificate_end_timestamp_seconds{"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCertificateThatCannotBeUsedIsRefusedByTheNameOfItsSetting() throws IOException {
    new TestCertificate(directory, "one", "EC").writeTo(certificate, key);
    Files.delete(key);

    assertThatThrownBy(site::start)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("caravan.management.tls.key is '" + key + "', which cannot be read");
  }

  @Test
  void oneFileWithoutTheOtherIsRefused() {
    assertThatThrownBy(() -> site.set("caravan.management.tls.key", "").start())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(
            "caravan.management.tls.certificate is set and caravan.management.tls.key is not. TLS needs both; without it, leave both empty.");
  }

  private int status(Path trusted, String path) throws IOException, InterruptedException {
    return answer(trusted, path).statusCode();
  }

  /** What a new client is answered that trusts that certificate. */
  private HttpResponse<String> answer(Path trusted, String path)
      throws IOException, InterruptedException {
    return HttpClient.newBuilder()
        .sslContext(OwnCertificate.trustedBy(trusted))
        .build()
        .send(
            HttpRequest.newBuilder(URI.create(site.server().managementUrl() + path)).build(),
            BodyHandlers.ofString());
  }
}
