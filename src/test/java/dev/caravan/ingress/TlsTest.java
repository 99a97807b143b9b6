package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.network.TestCertificate;
import dev.caravan.network.tls.Tls;
import dev.caravan.network.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The public port with a certificate. */
class TlsTest {
  @TempDir private Path folder;
  private Path certificate;
  private Path key;

  @BeforeEach
  void name() {
    certificate = folder.resolve("tls.crt");
    key = folder.resolve("tls.key");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void deliveriesComeOverTlsWithEitherVersionOfHttp(HttpClient.Version version) {
    TestCertificate own = certificate("one", "EC");
    try (HookServer server = server()) {
      HttpResponse<String> answer = post(server, client(version, own));

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.version()).isEqualTo(version);
    }
  }

  @Test
  void anRsaKeyWillDo() {
    TestCertificate own = certificate("one", "RSA");
    try (HookServer server = server()) {
      assertThat(post(server, client(HttpClient.Version.HTTP_2, own)).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void plainHttpIsNotSpokenThere() {
    certificate("one", "EC");
    try (HookServer server = server()) {
      assertThatThrownBy(() -> Post.json("{}").to(server)).isInstanceOf(AssertionError.class);
      assertThat(server.log.appends()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void tls12AndTls13AreSpoken(String protocol) throws Exception {
    TestCertificate own = certificate("one", "EC");
    try (HookServer server = server();
        SSLSocket socket = socket(server, own)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();

      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
      })
  void aCipherSuiteWithoutForwardSecrecyOrWithCbcIsRefused(String suite) throws Exception {
    TestCertificate own = certificate("one", "RSA");
    try (HookServer server = server();
        SSLSocket socket = socket(server, own)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {suite});

      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void aClientCannotHaveTheHandshakeMadeAgain() throws Exception {
    TestCertificate own = certificate("one", "RSA");
    try (HookServer server = server();
        SSLSocket socket = socket(server, own)) {
      socket.setSoTimeout(5000);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();

      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                socket.getInputStream().read();
              })
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void anOlderVersionIsRefused() {
    certificate("one", "EC");
    // A hello of TLS 1.1 with one cipher suite that every version knows, and no extension.
    byte[] hello =
        HexFormat.of()
            .parseHex(
                "16030200 2d 010000 29 0302".replace(" ", "")
                    + "00".repeat(32)
                    + "00"
                    + "0002c009"
                    + "0100");
    try (HookServer server = server();
        RawConnection connection = new RawConnection(server)) {
      String answer = connection.send(hello).readToEnd();

      assertThat(answer.charAt(0)).as("a TLS alert").isEqualTo((char) 21);
      assertThat(answer.charAt(6)).as("protocol_version").isEqualTo((char) 70);
    }
  }

  @Test
  void aNewCertificateIsTakenUnderLoadAndNoConnectionIsRefused() throws Exception {
    TestCertificate before = certificate("before", "EC");
    TestCertificate after = new TestCertificate(folder, "after", "EC");
    AtomicBoolean done = new AtomicBoolean();
    ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    try (HookServer server = server()) {
      List<CompletableFuture<Void>> callers = new ArrayList<>();
      for (int caller = 0; caller < 3; caller++) {
        callers.add(
            CompletableFuture.runAsync(
                () -> {
                  while (!done.get()) {
                    seen.add(name(server, before, after));
                  }
                }));
      }
      await().until(() -> seen.contains("CN=before"));
      after.writeTo(certificate, key);
      await().until(() -> seen.contains("CN=after"));
      int count = seen.size();
      await().until(() -> seen.size() > count + 20);
      done.set(true);
      callers.forEach(CompletableFuture::join);

      assertThat(seen).containsOnly("CN=before", "CN=after");
      assertThat(post(server, client(HttpClient.Version.HTTP_2, after)).statusCode())
          .isEqualTo(202);
    }
  }

  @Test
  void aCertificateThatDoesNotWorkLeavesTheOneThereWas() throws Exception {
    TestCertificate own = certificate("one", "EC");
    TestCertificate other = new TestCertificate(folder, "other", "EC");
    TestCertificate third = new TestCertificate(folder, "third", "EC");
    try (HookServer server = server()) {
      Files.writeString(certificate, other.certificate); // and the key of the one there was
      assertThat(name(server, own, other, third)).isEqualTo("CN=one");
      third.writeTo(certificate, key);

      await().until(() -> name(server, own, other, third).equals("CN=third"));
    }
  }

  @Test
  void anUnusableCertificateIsRefusedBeforeTheStart() throws IOException {
    certificate("one", "EC");
    Files.writeString(key, new TestCertificate(folder, "other", "EC").key);
    assertThatThrownBy(this::check)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the key is not that of the certificate");

    Files.writeString(key, "nonsense");
    assertThatThrownBy(this::check).hasMessageContaining("cannot be used for TLS");

    Files.delete(key);
    assertThatThrownBy(this::check)
        .hasMessage(
            "caravan.tls.key is '%s', which cannot be read (NoSuchFileException). Name a PEM file that the program may read.",
            key);
  }

  @Test
  void oneFileWithoutTheOtherIsRefused() {
    assertThatThrownBy(() -> HookServer.settings(Map.of("caravan.tls.key", "x")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(
            "caravan.tls.key is set and caravan.tls.certificate is not. TLS needs both; without it, leave both empty.");
  }

  private void check() {
    Tls.check(new TlsFiles("caravan.tls", certificate, key));
  }

  private TestCertificate certificate(String name, String algorithm) {
    TestCertificate made = new TestCertificate(folder, name, algorithm);
    made.writeTo(certificate, key);
    return made;
  }

  private HookServer server() {
    return new HookServer(
        Map.of(
            "caravan.tls.certificate", certificate.toString(), "caravan.tls.key", key.toString()),
        ConnectionTimeouts.USUAL);
  }

  private static HttpResponse<String> post(HookServer server, HttpClient client) {
    byte[] body = "{}".getBytes(UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("https://127.0.0.1:" + server.port() + "/hooks/handle_github"))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "push")
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .header("X-Hub-Signature-256", Post.signature(body))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The name of the certificate that a new connection is shown. */
  private static String name(HookServer server, TestCertificate... trusted) {
    try (SSLSocket socket = socket(server, trusted)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static SSLSocket socket(HookServer server, TestCertificate... trusted)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            TestCertificate.trusting(trusted)
                .getSocketFactory()
                .createSocket("127.0.0.1", server.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static HttpClient client(HttpClient.Version version, TestCertificate trusted) {
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(TestCertificate.trusting(trusted))
        .build();
  }
}
