package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.github.api.GitHubException;
import dev.caravan.logging.Printable;
import dev.caravan.management.RefusedException;
import dev.caravan.server.CannotStartException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong in one sentence, without a stack trace, and chooses the exit code. */
final class CommandErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final int BAD_REQUEST = 400;

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(failure.getMessage());
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> meant = Suggestions.of(unmatched);
      if (!meant.isEmpty()) {
        err.println("Did you mean " + String.join(" or ", meant) + "?");
      }
    }
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult parseResult) {
    if (failure instanceof InvalidSettingException) {
      command.getErr().println(failure.getMessage());
      return ExitCode.USAGE;
    }
    if (failure instanceof RefusedException refused) {
      command.getErr().println(refused.getMessage());
      return refused.status() == BAD_REQUEST ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
    boolean isForTheUser =
        failure instanceof CommandFailedException
            || failure instanceof CannotStartException
            || failure instanceof GitHubException;
    String said = isForTheUser ? String.valueOf(failure.getMessage()) : unexpected(failure);
    command.getErr().println(Printable.lines(said)); // it may be what GitHub has answered
    return ExitCode.SOFTWARE;
  }

  /** A fault of the program: one line with enough to report it. */
  private static String unexpected(Exception failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return "Internal error, please report it: %s%s"
        .formatted(failure, trace.length == 0 ? "" : " (at " + trace[0] + ")");
  }
}
