package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.server.CaravanServer;
import dev.caravan.testing.ProgramSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code secrets} and {@code refused}, against a real server. */
class SecretCommandsTest {
  @TempDir Path directory;
  private CaravanServer server;

  @BeforeEach
  void start() {
    secrets("caravan.secrets.new = hidden-new\ncaravan.secrets.old = hidden-old\n");
    Map<String, String> ports = ProgramSettings.in(directory);
    server =
        CaravanServer.start(
            () ->
                new SettingSources(Map.of())
                    .read(directory.resolve("application.properties"), ports));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void secretsShowsWhichOnesAreUsed() {
    assertThat(caravan("send", "ping", "--port", port()).exitCode()).isZero();

    Invocation list = caravan("secrets");
    assertThat(list.exitCode()).as(list.err()).isZero();
    List<String> lines = list.out().lines().toList();
    assertThat(lines.get(0)).startsWith("LABEL");
    assertThat(lines.get(1)).matches("new +all +in force +1 +20\\S+Z +settings");
    assertThat(lines.get(2)).matches("old +all +in force +0 +never +settings");
    assertThat(lines.get(3)).startsWith("'old' has verified nothing yet, while others have.");
    assertThat(list.out()).doesNotContain("hidden");
  }

  @Test
  void aSecretThatIsLongOutOfUseIsNamedWithTheTimeSince() {
    JsonArray secrets =
        new JsonArray()
            .add(secret("2024", "2026-01-01T00:00:00Z"))
            .add(secret("2026", "2026-01-13T00:00:00Z"));

    assertThat(SecretsCommand.unused(secrets, Instant.parse("2026-01-13T01:00:00Z")))
        .singleElement()
        .asString()
        .startsWith("'2024' has verified nothing for 12 days, while others have.");
  }

  @Test
  void refusedShowsWhyAndAcceptsTheDeliveryOnceTheSecretIsMended() {
    Map<String, String> gitHub = Map.of("GITHUB_WEBHOOK_SECRET", "hidden-other");
    Invocation sent = Invocation.of(gitHub, directory, arguments("send", "ping", "--port", port()));
    assertThat(sent.exitCode()).isEqualTo(1);
    await()
        .untilAsserted(
            () ->
                assertThat(caravan("refused").out())
                    .contains("1 request refused since the server started; 1 kept.")
                    .contains("the signature matches no secret here")
                    .doesNotContain("hidden"));

    secrets("caravan.secrets.new = hidden-other\n");

    await()
        .untilAsserted(
            () ->
                assertThat(caravan("refused", "--verify").out())
                    .startsWith("1 accepted, and in the delivery log; 0 still refused."));
    assertThat(caravan("deliveries", "--count").out()).isEqualToIgnoringNewLines("1");
    assertThat(caravan("refused", "--json").out()).contains("\"newest\" : [ ]");
  }

  @Test
  void noSecretIsInWhatTheProgramWrites() throws IOException {
    caravan("send", "ping", "--port", port());
    server.close();

    try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
      assertThat(files.filter(Files::isRegularFile))
          .noneSatisfy(
              file -> assertThat(new String(Files.readAllBytes(file), UTF_8)).contains("hidden"));
    }
  }

  private static JsonObject secret(String label, String lastUsed) {
    return new JsonObject().put("label", label).put("retired", false).put("lastUsed", lastUsed);
  }

  private void secrets(String lines) {
    try {
      Files.writeString(directory.resolve("application.properties"), lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String port() {
    return server.url().replaceAll("^.*:(\\d+)/.*$", "$1");
  }

  private Invocation caravan(String... args) {
    return Invocation.of(Map.of(), directory, arguments(args));
  }

  private String[] arguments(String... args) {
    return Stream.concat(
            Stream.of(args),
            Stream.of(
                "--management-port",
                String.valueOf(URI.create(server.managementUrl()).getPort()),
                "--data",
                directory.resolve("data").toString()))
        .toArray(String[]::new);
  }
}
