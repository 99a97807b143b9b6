package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.SettingSources;
import dev.caravan.network.TestCertificate;
import dev.caravan.server.CaravanServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a server whose ports speak TLS. */
class TlsCommandTest {
  @TempDir Path directory;
  private CaravanServer server;

  @BeforeEach
  void start() throws IOException {
    new TestCertificate(directory, "ops", "EC", "dns:ops.example")
        .writeTo(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    Path file = directory.resolve("server.properties");
    Files.writeString(file, settings("tls.crt"));
    server = CaravanServer.start(() -> new SettingSources(Map.of()).read(file, Map.of()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theCertificateInTheSettingsIsTrustedUnderWhateverNameTheServerIsAsked() throws IOException {
    Invocation list = subscriptionsWith("tls.crt");

    assertThat(list.exitCode()).as(list.err()).isZero();
    assertThat(list.err()).isEmpty();
    assertThat(list.out()).contains("log-events");
  }

  @Test
  void anotherCertificateIsNotTrusted() throws IOException {
    new TestCertificate(directory, "other", "EC", "dns:ops.example")
        .writeTo(directory.resolve("other.crt"), directory.resolve("other.key"));

    Invocation list = subscriptionsWith("other.crt");

    assertThat(list.exitCode()).isEqualTo(1);
    assertThat(list.err())
        .contains("TLS with the server at https://127.0.0.1:")
        .contains("caravan.management.tls.certificate");
  }

  @Test
  void aSampleIsSentToAPublicPortWithTlsUnderWhateverNameTheServerIsAsked() throws IOException {
    Invocation send = with("tls.crt", "send", "push", "--port", "" + server.port());

    assertThat(send.out()).as(send.err()).contains("to https://localhost:", "202 ");
  }

  private Invocation subscriptionsWith(String certificate) throws IOException {
    return with(certificate, "subscriptions");
  }

  private Invocation with(String certificate, String... command) throws IOException {
    Path file = directory.resolve("client.properties");
    Files.writeString(
        file,
        settings(certificate)
            .replace(
                "camel.management.port = 0",
                "camel.management.port = " + URI.create(server.managementUrl()).getPort()));
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--config", file.toString()));
    return Invocation.of(Map.of(), directory, arguments.toArray(String[]::new));
  }

  private String settings(String certificate) {
    return """
        camel.server.port = 0
        camel.management.port = 0
        caravan.data = %1$s/data
        caravan.routes = %1$s/routes
        caravan.tls.certificate = %1$s/tls.crt
        caravan.tls.key = %1$s/tls.key
        caravan.management.tls.certificate = %1$s/%2$s
        caravan.management.tls.key = %1$s/tls.key
        """
        .formatted(directory, certificate);
  }
}
