package dev.caravan.cli;

import dev.caravan.server.LogFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads every row of a log, and compares every payload with its checksum. */
@Command(
    name = "verify",
    description = {
      "Reads a whole log: every table and index, and every payload, which is compared with its"
          + " checksum.",
      "Without FILE it reads the log of the data directory, whether or not a server is using it."
          + " Exits with 1 when something is wrong."
    })
final class LogVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions options;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "A backup.")
  private @Nullable String file;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Path data = LogDirectory.of(options);
    long began = System.nanoTime();
    LogFile.Verified found;
    try (ProgressLine progress = ProgressLine.on(spec.commandLine().getErr())) {
      found =
          file == null
              ? LogFile.verify(data, progress::part)
              : LogFile.verifyFile(options.resolve(file), progress::part);
    }
    found.problems().forEach(problem -> out.println(Terminal.plain(problem)));
    out.println(
        Terminal.plain(
            "%s: %,d payloads read in %s, %s"
                .formatted(
                    file == null ? data : file,
                    found.payloads(),
                    ProgressLine.seconds(began),
                    found.problems().isEmpty()
                        ? "all is sound."
                        : file == null
                            ? "and it is damaged. Save what can be read with: caravan log salvage"
                            : "and it is damaged. Use another copy.")));
    return found.problems().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
