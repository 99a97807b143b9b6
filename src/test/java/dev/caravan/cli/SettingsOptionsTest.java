package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a command finds the port, the path and the secret, seen through {@code send}. */
class SettingsOptionsTest {
  private static final Map<String, String> NO_ENVIRONMENT = Map.of();

  @TempDir Path directory;
  private final Receiver receiver = new Receiver();
  private String port = "";

  @BeforeEach
  void start() {
    port = String.valueOf(receiver.port());
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void theSettingsFileHereGivesPortPathAndSecret() throws IOException {
    write(
        "application.properties",
        "camel.server.port = "
            + port
            + "\ncaravan.path = /in\ncaravan.secret = "
            + Receiver.SECRET);

    Invocation sent = Invocation.of(NO_ENVIRONMENT, directory, "send", "ping");

    assertThat(sent.exitCode()).isZero();
    assertThat(receiver.only().path()).isEqualTo("/in");
  }

  @Test
  void aNamedSettingsFileIsReadInsteadOfTheOneHere() throws IOException {
    write("application.properties", "camel.server.port = 1");
    write("other.properties", "camel.server.port = " + port);
    write("data/secret", Receiver.SECRET + "\n");

    Invocation sent =
        Invocation.of(NO_ENVIRONMENT, directory, "send", "ping", "--config", "other.properties");

    assertThat(sent.exitCode()).isZero();
    assertThat(receiver.only().path()).isEqualTo(Receiver.PATH);
  }

  @Test
  void anInstalledProgramHasItsSettingsFileInTheEnvironmentWhateverLiesInTheDirectory()
      throws IOException {
    write("application.properties", "camel.server.port = 1");
    write("installed.properties", "camel.server.port = " + port);
    write("data/secret", Receiver.SECRET + "\n");
    String installed = directory.resolve("installed.properties").toString();

    Invocation sent = Invocation.of(Map.of("CARAVAN_CONFIG", installed), directory, "send", "ping");

    assertThat(sent.exitCode()).isZero();
    assertThat(receiver.only().path()).isEqualTo(Receiver.PATH);
  }

  @Test
  void anInstalledProgramWhoseSettingsFileIsMissingDoesNotGoOnWithDefaults() {
    Invocation sent =
        Invocation.of(Map.of("CARAVAN_CONFIG", "/no/such.properties"), directory, "send", "ping");

    assertThat(sent.exitCode()).isEqualTo(2);
    assertThat(sent.err())
        .contains("CARAVAN_CONFIG")
        .contains("/no/such.properties: there is no such file.");
  }

  @Test
  void theSecretTheServerGeneratedIsReadFromTheDataDirectory() throws IOException {
    write("elsewhere/secret", Receiver.SECRET + "\n");

    Invocation sent =
        Invocation.of(
            NO_ENVIRONMENT, directory, "send", "ping", "--port", port, "--data", "elsewhere");

    assertThat(sent.exitCode()).isZero();
  }

  @Test
  void theFirstOfSeveralSecretsSigns() {
    Map<String, String> environment =
        Map.of("CARAVAN_SECRET", Receiver.SECRET + ", the old one", "CAMEL_SERVER_PORT", port);

    Invocation sent = Invocation.of(environment, directory, "send", "ping");

    assertThat(sent.exitCode()).isZero();
  }

  @Test
  void aSettingOnTheCommandLineWinsOverTheEnvironmentAndTheFile() throws IOException {
    write("application.properties", "camel.server.port = 1");
    Map<String, String> environment =
        Map.of("GITHUB_WEBHOOK_SECRET", Receiver.SECRET, "CAMEL_SERVER_PORT", "2");

    Invocation sent =
        Invocation.of(
            environment,
            directory,
            "send",
            "ping",
            "--set",
            "camel.server.port=" + port,
            "--set=caravan.path=/set");

    assertThat(sent.exitCode()).isZero();
    assertThat(receiver.only().path()).isEqualTo("/set");
  }

  @Test
  void withoutASecretItSaysWhereOneComesFrom() {
    Invocation sent = Invocation.of(NO_ENVIRONMENT, directory, "send", "ping", "--port", port);

    assertThat(sent.exitCode()).isEqualTo(1);
    assertThat(sent.err())
        .startsWith("There is no secret to sign with: caravan.secret is not set")
        .contains(directory.resolve("data/secret").toString())
        .endsWith("./caravan run" + System.lineSeparator());
  }

  @Test
  void anEmptySecretFileIsNoSecret() throws IOException {
    write("data/secret", "\n");

    Invocation sent = Invocation.of(NO_ENVIRONMENT, directory, "send", "ping", "--port", port);

    assertThat(sent.exitCode()).isEqualTo(1);
    assertThat(sent.err()).contains("is empty. Delete it");
  }

  @Test
  void aSecretAsAnArgumentIsRefusedAndNotRepeated() {
    Invocation own = set("caravan.secret=hunter2");
    Invocation camels = set("camel.component.kafka.sasl-password=hunter2");

    assertThat(own.exitCode()).isEqualTo(2);
    assertThat(own.err()).contains("GITHUB_WEBHOOK_SECRET").doesNotContain("hunter2");
    assertThat(camels.exitCode()).isEqualTo(2);
    assertThat(camels.err())
        .contains("CAMEL_COMPONENT_KAFKA_SASL_PASSWORD")
        .doesNotContain("hunter2");
  }

  @Test
  void aSettingThatCannotBeUsedIsOneSentenceAndExitCodeTwo() {
    Invocation unknown = set("caravan.pth=/x");
    Invocation port = Invocation.of(NO_ENVIRONMENT, directory, "send", "ping", "--port", "http");
    Invocation path = set("caravan.path=hooks");
    Invocation free = Invocation.of(NO_ENVIRONMENT, directory, "send", "ping", "--port", "0");
    Invocation file = Invocation.of(NO_ENVIRONMENT, directory, "send", "ping", "--config", "no");

    assertThat(unknown.err())
        .startsWith("caravan.pth, in --set, is not a setting. Did you mean caravan.path?");
    assertThat(port.err()).startsWith("camel.server.port is 'http', which is not");
    assertThat(path.err()).startsWith("caravan.path is 'hooks', which is not a path");
    assertThat(free.err()).contains("Name its address with --url.");
    assertThat(file.err()).startsWith("--config no: there is no such file.");
    for (Invocation invocation : new Invocation[] {unknown, port, path, free, file}) {
      assertThat(invocation.exitCode()).isEqualTo(2);
      assertThat(invocation.err()).hasLineCount(1);
    }
  }

  private Invocation set(String setting) {
    return Invocation.of(NO_ENVIRONMENT, directory, "send", "ping", "--set", setting);
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
