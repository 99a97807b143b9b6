package dev.caravan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands about GitHub's side; by itself it only lists them. */
@Command(
    name = "github",
    description =
        "Works with GitHub: registers hooks, recovers missing deliveries, finds what is wrong.",
    subcommands = {RegisterCommand.class, RecoverCommand.class, DoctorCommand.class})
final class GitHubCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}
