package dev.caravan.cli;

import dev.caravan.server.CannotStartException;
import dev.caravan.server.OfflineLog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What can be done with the delivery log's file. */
@Command(
    name = "log",
    description = "Works on the delivery log's file while no server runs on it.",
    subcommands = LogCommand.SalvageCommand.class)
final class LogCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** Saves what can be read of a damaged log. */
  @Command(
      name = "salvage",
      description = {
        "Saves what can be read of a damaged log into a fresh one that takes its place, row by row,"
            + " and says what is lost. The damaged file is kept beside it.",
        "Stop the server first, and have as much free space as the log takes."
      })
  static final class SalvageCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions options;

    @Override
    public Integer call() {
      System.setProperty("caravan.log.target", "SYSTEM_ERR"); // what is logged is not the report
      try {
        OfflineLog.salvage(options.resolve(options.read().text("caravan.data")))
            .forEach(line -> spec.commandLine().getOut().println(Terminal.plain(line)));
        return ExitCode.OK;
      } catch (CannotStartException e) {
        throw new CommandFailedException(e.getMessage());
      }
    }
  }
}
