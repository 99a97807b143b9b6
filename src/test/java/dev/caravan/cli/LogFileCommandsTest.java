package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.server.CaravanServer;
import dev.caravan.testing.ProgramSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code log backup}, {@code restore}, {@code verify}, {@code compact}, {@code salvage}. */
class LogFileCommandsTest {
  private static final String SECRET = "It's a Secret to Everybody";

  @TempDir Path directory;
  private CaravanServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("routes"));
    Files.createDirectories(directory.resolve("away"));
    server =
        CaravanServer.start(
            () ->
                new SettingSources(Map.of("GITHUB_WEBHOOK_SECRET", SECRET))
                    .read(null, shipped(ProgramSettings.in(directory))));
    for (int number = 0; number < 3; number++) {
      assertThat(caravan(data(), "send", "push", "--port", "" + server.port()).exitCode()).isZero();
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aBackupOfARunningServerIsVerifiedRestoredAndHasAllOfIt() {
    Path file = directory.resolve("backup.db");
    Path other = directory.resolve("other");

    Invocation backup = caravan(data(), "log", "backup", file.toString(), "--rate", "100MiB");
    Invocation again = caravan(data(), "log", "backup", file.toString());
    Invocation verify = caravan(data(), "log", "verify", file.toString());
    Invocation running = caravan(data(), "log", "verify");
    Invocation restore = caravan(other, "log", "restore", file.toString());
    Invocation twice = caravan(other, "log", "restore", file.toString());

    assertThat(backup.err()).isEmpty();
    assertThat(backup.out()).contains("3 deliveries in").contains("the newest ").contains(" s.");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("is there already, and is not overwritten");
    assertThat(verify.out()).contains("3 payloads read in").contains("all is sound");
    assertThat(verify.exitCode()).isZero();
    assertThat(running.out()).contains("3 payloads read in").contains("all is sound");
    assertThat(restore.out()).contains("3 deliveries in").contains("caravan github recover");
    assertThat(twice.exitCode()).isEqualTo(1);
    assertThat(twice.err()).contains("There is a delivery log in").contains("--data");
    assertThat(caravan(other, "deliveries").out().lines().filter(line -> line.contains("push")))
        .hasSize(3);
  }

  @Test
  void whatARunningServerHasShippedIsRestoredWithItsMoment() {
    await()
        .untilAsserted(
            () -> {
              Path next = Files.createTempDirectory(directory, "next");
              assertThat(caravan(next, "log", "restore", "file:" + directory.resolve("away")).out())
                  .contains("3 deliveries in")
                  .contains(", as it was at ");
            });
  }

  @Test
  void aStoppedLogIsBackedUpAndCompacted() {
    Path file = directory.resolve("backup.db");
    Invocation inUse = caravan(data(), "log", "compact");
    server.close();

    Invocation backup = caravan(data(), "log", "backup", file.toString());
    Invocation compact = caravan(data(), "log", "compact");

    assertThat(inUse.exitCode()).isEqualTo(1);
    assertThat(inUse.err()).contains("is in use by another Caravan");
    assertThat(backup.err()).contains("The log is read directly.");
    assertThat(backup.out()).contains("3 deliveries in");
    assertThat(compact.out()).contains("MiB, before");
    assertThat(caravan(data(), "log", "verify").out()).contains("all is sound");
  }

  @Test
  void anErrorSaysWhatToDo() throws IOException {
    Path text = Files.writeString(directory.resolve("notes.txt"), "no log at all");
    Path empty = directory.resolve("empty");

    assertThat(caravan(data(), "log", "backup", "/nowhere/backup.db").err())
        .contains("/nowhere/backup.db cannot be written by ");
    assertThat(caravan(empty, "log", "restore", text.toString()).err())
        .contains("notes.txt cannot be read as a delivery log");
    assertThat(caravan(empty, "log", "restore", directory.resolve("gone").toString()).err())
        .contains("There is no file ");
    assertThat(caravan(empty, "log", "restore", "file:" + empty).err())
        .contains("nothing was shipped to file:");
    assertThat(caravan(empty, "log", "restore", "s3://bucket/prefix").err())
        .contains("AWS_ACCESS_KEY_ID");
    assertThat(caravan(empty, "log", "verify").err()).contains("There is no delivery log in");
    Invocation other = caravan(data(), "log", "verify", text.toString());
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.out()).contains("Use another copy.");
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Invocation caravan(Path data, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data");
    all.add(data.toString());
    if (!all.contains("--port") && data.equals(data())) {
      all.add("--management-port");
      all.add(server.managementUrl().replaceAll(".*:", ""));
    }
    return Invocation.of(
        Map.of("GITHUB_WEBHOOK_SECRET", SECRET), directory, all.toArray(String[]::new));
  }

  private Map<String, String> shipped(Map<String, String> settings) {
    settings.put("caravan.log.ship", "file:" + directory.resolve("away"));
    settings.put("caravan.log.ship.every", "50ms");
    return settings;
  }
}
