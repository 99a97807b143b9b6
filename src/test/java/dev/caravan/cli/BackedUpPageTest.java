package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.SettingSources;
import dev.caravan.server.CaravanServer;
import dev.caravan.testing.ProgramSettings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the pages about backups, as they stand there, in other directories. */
class BackedUpPageTest {
  private static final String SECRET = "It's a Secret to Everybody";

  @TempDir Path directory;

  @Test
  void theCommandsOfThePagesDoWhatThePagesSay() throws IOException {
    Files.createDirectories(directory.resolve("backups"));
    Files.createDirectories(directory.resolve("away"));
    Files.createDirectories(directory.resolve("routes"));
    List<String> commands = new ArrayList<>();
    commands.addAll(commands("docs/operations.md", "## Backed up", "## Logs"));
    commands.addAll(commands("docs/moving.md", "## To another", "## Going back"));
    commands.addAll(commands("docs/moving.md", "## Going back", null));
    assertThat(commands).hasSizeGreaterThan(15);

    CaravanServer server = start();
    try {
      assertThat(caravan(server, "send push --port " + server.port()).exitCode()).isZero();
      for (String command : commands) {
        if (command.equals("systemctl stop caravan")) {
          server.close();
        } else if (command.equals("systemctl start caravan")) {
          server.close();
          server = start();
        } else if (command.startsWith("mkdir ")) {
          moveAway(command.split(" ", -1)[1]);
        } else if (command.startsWith("caravan log restore file:")) {
          run(server, command + " --data " + directory.resolve("from-file"));
        } else if (command.startsWith("caravan log ") || command.startsWith("caravan deliv")) {
          if (command.contains("move.db") && command.contains("restore")) {
            moveAway("/var/lib/caravan/old-machine");
          }
          run(server, command);
        }
      }
      assertThat(caravan(server, "deliveries").out()).contains("push");
    } finally {
      server.close();
    }
  }

  /** The lines of code of a part of a page, but for what needs GitHub, S3 or another machine. */
  private static List<String> commands(String page, String from, String to) throws IOException {
    String text = Files.readString(Path.of(page));
    int start = text.indexOf(from);
    int end = to == null ? text.length() : text.indexOf(to, start);
    assertThat(start).as(page + " " + from).isNotNegative();
    return text.substring(start, end)
        .lines()
        .filter(line -> line.startsWith("    "))
        .map(line -> line.replaceFirst(" +# .*", "").strip())
        .filter(line -> !line.contains("s3://") && !line.contains("github recover"))
        .toList();
  }

  private void run(CaravanServer server, String command) {
    Invocation done = caravan(server, command.substring("caravan ".length()));
    assertThat(done.exitCode()).as(command + "\n" + done.out() + done.err()).isZero();
    if (command.contains(" verify")) {
      assertThat(done.out()).as(command).contains("all is sound");
    } else {
      assertThat(done.out()).as(command).isNotBlank();
    }
  }

  private Invocation caravan(CaravanServer server, String command) {
    String here =
        command
            .replace("/var/backups/caravan", directory.resolve("backups").toString())
            .replace("/mnt/backup/caravan", directory.resolve("away").toString())
            .replace("/tmp/drill", directory.resolve("drill").toString());
    List<String> arguments = new ArrayList<>(List.of(here.split(" ", -1)));
    if (!arguments.contains("--data")) {
      arguments.addAll(List.of("--data", directory.resolve("data").toString()));
    }
    if (!arguments.contains("--management-port")) {
      arguments.addAll(List.of("--management-port", server.managementUrl().replaceAll(".*:", "")));
    }
    return Invocation.of(
        Map.of("GITHUB_WEBHOOK_SECRET", SECRET), directory, arguments.toArray(String[]::new));
  }

  private CaravanServer start() {
    Map<String, String> settings = shipped(ProgramSettings.in(directory));
    return CaravanServer.start(
        () -> new SettingSources(Map.of("GITHUB_WEBHOOK_SECRET", SECRET)).read(null, settings));
  }

  /** As {@code mkdir X && mv /var/lib/caravan/log.db* X} does. */
  private void moveAway(String place) throws IOException {
    Path data = directory.resolve("data");
    Path lost = data.resolve(Path.of(place).getFileName().toString());
    Files.createDirectory(lost);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(data, "log.db*")) {
      for (Path file : files) {
        Files.move(file, lost.resolve(file.getFileName()));
      }
    }
  }

  private Map<String, String> shipped(Map<String, String> settings) {
    settings.put("caravan.log.ship", "file:" + directory.resolve("away"));
    settings.put("caravan.log.ship.every", "50ms");
    return settings;
  }
}
