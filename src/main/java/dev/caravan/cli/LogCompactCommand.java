package dev.caravan.cli;

import dev.caravan.server.LogFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Gives the log's unused space back to the disk. */
@Command(
    name = "compact",
    description = {
      "Rewrites the log without its free space, and gives that space back to the disk.",
      "Stop the server first: nothing can be accepted meanwhile. A running server gives back what retention frees by itself, except for an eighth. Needs as much free space as the log takes."
    })
final class LogCompactCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions options;

  @Override
  public Integer call() {
    Path data = LogDirectory.of(options);
    long began = System.nanoTime();
    spec.commandLine()
        .getOut()
        .println(
            Terminal.plain(
                "%s: %s, in %s."
                    .formatted(data, LogFile.compact(data), ProgressLine.seconds(began))));
    return ExitCode.OK;
  }
}
