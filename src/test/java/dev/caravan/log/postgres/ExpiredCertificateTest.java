package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.TestLog;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.testing.PostgresServer;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate of the database's server runs out while a node that looks at it runs. */
@Tag("long")
class ExpiredCertificateTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path directory;
  private PostgresServer server;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.ownWithFsync("-c", "fsync=off");
    keytool("-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=ca", "-ext", "bc:c");
    export("ca");
    certify("good", "-1d", "30");
    certify("expired", "-9d", "2");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aNodeStartsOnlyWithAGoodOneAndOneThatRunsSaysWhyItIsNotReadyAndThenGoesOn()
      throws Exception {
    present("expired");
    assertThatThrownBy(() -> PostgresDeliveryLog.open(place(), TestLog.OPTIONS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The database caravan at 127.0.0.1:" + server.port())
        .hasMessageContaining("validity check failed");

    present("good");
    try (PostgresDeliveryLog log = PostgresDeliveryLog.open(place(), TestLog.OPTIONS)) {
      log.append(push("acme/rocket")).join();
      present("expired");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> log.trouble().contains("validity check failed"));
      present("good");
      await().atMost(Duration.ofSeconds(20)).until(() -> log.trouble().isEmpty());
      assertThat(log.append(push("acme/rocket")).orTimeout(8, TimeUnit.SECONDS).join()).isNotNull();
    }
  }

  private PostgresPlace place() {
    return new PostgresPlace(
        server.url() + "?sslmode=verify-full&sslrootcert=" + directory.resolve("ca.pem"),
        "",
        "caravan",
        "node",
        Duration.ofSeconds(2));
  }

  /** The server has another certificate, and sessions that have seen the one before are ended. */
  private void present(String name) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(directory.resolve("all.p12"))) {
      store.load(stream, PASSWORD.toCharArray());
    }
    server.execute(
        write("server.key", pem("PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()))),
        write("server.crt", Files.readString(directory.resolve(name + ".pem"))),
        "ALTER SYSTEM SET ssl = on");
    Instant before = Instant.now();
    server.execute("SELECT pg_reload_conf()");
    await().until(() -> reloadedAt().isAfter(before)); // as a new session has it
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'caravan %'");
  }

  private Instant reloadedAt() throws SQLException {
    try (Connection connection = server.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_conf_load_time()")) {
      row.next();
      return row.getTimestamp(1).toInstant();
    }
  }

  /** By the server, in its own directory: it wants to own its key. */
  private static String write(String file, String text) {
    return "COPY (VALUES ('%s')) TO PROGRAM 'umask 077; base64 -d > %s'"
        .formatted(Base64.getEncoder().encodeToString(text.getBytes(US_ASCII)), file);
  }

  private static String pem(String type, Key key) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(key.getEncoded()));
  }

  /** A pair of the server's, whose certificate our authority has signed. */
  private void certify(String name, String from, String days) throws Exception {
    Path request = directory.resolve(name + ".csr");
    keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name);
    keytool("-certreq", "-alias", name, "-file", request.toString());
    keytool(
        "-gencert",
        "-alias",
        "ca",
        "-infile",
        request.toString(),
        "-rfc",
        "-outfile",
        directory.resolve(name + ".pem").toString(),
        "-ext",
        "san=ip:127.0.0.1",
        "-startdate",
        from,
        "-validity",
        days);
  }

  private void export(String name) throws Exception {
    keytool(
        "-exportcert",
        "-alias",
        name,
        "-rfc",
        "-file",
        directory.resolve(name + ".pem").toString());
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-keystore",
            directory.resolve("all.p12").toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
