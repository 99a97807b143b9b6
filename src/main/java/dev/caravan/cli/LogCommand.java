package dev.caravan.cli;

import dev.caravan.server.LogFile;
import dev.caravan.server.OfflineLog;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What can be done with the delivery log as a whole. */
@Command(
    name = "log",
    description =
        "Backs up, restores and checks the delivery log, and saves what a damaged one holds.",
    subcommands = {
      LogBackupCommand.class,
      LogRestoreCommand.class,
      LogVerifyCommand.class,
      LogCompactCommand.class,
      LogCopyCommand.class,
      LogCommand.SalvageCommand.class,
      LogCommand.SchemaSqlCommand.class
    })
final class LogCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** Prints the tables of a shared log. */
  @Command(
      name = "schema",
      description = {
        "Prints the SQL that creates or updates the tables of a log in PostgreSQL, for somebody who may run it",
        "where the role in caravan.log may not. It can be piped to psql."
      })
  static final class SchemaSqlCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions options;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      out.print(OfflineLog.schema(options.read()));
      out.flush();
      return ExitCode.OK;
    }
  }

  /** Saves what can be read of a damaged log. */
  @Command(
      name = "salvage",
      description = {
        "Saves whatever can still be read of a damaged log, row by row, into a new one that takes its place, and says what is lost. The damaged file is kept beside it.",
        "Stop the server first. Needs as much free space as the log takes."
      })
  static final class SalvageCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions options;

    @Override
    public Integer call() {
      LogFile.salvage(LogDirectory.of(options))
          .forEach(line -> spec.commandLine().getOut().println(Terminal.plain(line)));
      return ExitCode.OK;
    }
  }
}
