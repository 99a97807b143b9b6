package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.log.LogBackup;
import dev.caravan.server.LogFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the log into a file, as it is when the copy ends. */
@Command(
    name = "backup",
    description = {
      "Copies the log into a file, whether or not a server is using it, then checks the copy.",
      "The file is an SQLite database that only its owner can read. It appears only once it is complete."
    })
final class LogBackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions options;

  @Parameters(paramLabel = "FILE", description = "The file to write; it must not exist.")
  private String file;

  @Option(
      names = "--rate",
      paramLabel = "BYTES",
      description = "How much of the log is read per second. Default: 32MiB.")
  private @Nullable String rate;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    long bytesPerSecond =
        rate == null ? LogBackup.USUAL_RATE : new Settings(Map.of("--rate", rate)).size("--rate");
    long began = System.nanoTime();
    Path data = LogDirectory.of(options);
    String copied;
    try (ProgressLine progress = ProgressLine.on(spec.commandLine().getErr())) {
      copied = copy(data, options.resolve(file), bytesPerSecond, progress);
    }
    out.println(
        Terminal.plain("%s: %s, in %s.".formatted(file, copied, ProgressLine.seconds(began))));
    return ExitCode.OK;
  }

  private String copy(Path data, Path target, long rate, ProgressLine progress) {
    try (LogFile.Backup backup = LogFile.backup(target)) { // refuses a bad target first
      RunningBackup running;
      try {
        running = OpenLog.server(options).backup(rate);
      } catch (CommandFailedException e) {
        if (!LogFile.isIn(data)) {
          throw e;
        }
        spec.commandLine().getErr().println(e.getMessage() + " The log is read directly.");
        return backup.copy(data, rate, bytes -> progress.bytes(bytes, LogFile.size(data)));
      }
      try (InputStream pages = running.pages()) {
        return backup.receive(pages, bytes -> progress.bytes(bytes, running.size()));
      } catch (IOException e) {
        throw new CommandFailedException("There is no backup: " + e.getMessage());
      }
    }
  }
}
