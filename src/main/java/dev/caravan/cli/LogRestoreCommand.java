package dev.caravan.cli;

import dev.caravan.server.LogFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a backup, or what was shipped, into a data directory without a log. */
@Command(
    name = "restore",
    description = {
      "Puts a backup, or what caravan.log.ship has shipped, into the data directory, which must not contain a log. All of it is verified first. If it was interrupted, run it again.",
      "At the next start, whatever was unfinished at that time runs."
    })
final class LogRestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions options;

  @Parameters(paramLabel = "FROM", description = "A file, file:/DIRECTORY or s3://BUCKET/PREFIX.")
  private String from;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path data = LogDirectory.of(options);
    long began = System.nanoTime();
    String restored;
    try (ProgressLine progress = ProgressLine.on(err)) {
      restored =
          LogFile.restore(
              from,
              options.resolve(from),
              data,
              options.read(),
              options.environment(),
              line -> err.println(Terminal.plain(line)),
              progress::part);
    }
    out.println(
        Terminal.plain("%s: %s, in %s.".formatted(data, restored, ProgressLine.seconds(began))));
    out.println(
        "It contains no secrets and no tokens. To get back what has arrived since: caravan github recover");
    return ExitCode.OK;
  }
}
