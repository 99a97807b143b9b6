package dev.caravan.cli;

import dev.caravan.config.OutOfMemory;
import dev.caravan.config.ProcessEnvironment;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code caravan}, which only shows its subcommands. */
@Command(
    name = "caravan",
    description = "Receives GitHub webhooks and hands each one to Apache Camel routes.",
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      SendCommand.class,
      TestCommand.class,
      DeliveriesCommand.class,
      ReplayCommand.class,
      SubscriptionsCommand.class,
      NodesCommand.class,
      LogCommand.class,
      RoutesCommand.class,
      AddCommand.class,
      NewCommand.class,
      SchemaCommand.class,
      ConsoleCommand.class,
      SecretsCommand.class,
      RefusedCommand.class,
      GitHubCommand.class
    },
    scope = ScopeType.INHERIT, // so that every subcommand has --help, --version and the exit codes
    mixinStandardHelpOptions = true,
    versionProvider = CaravanCommand.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:usage error or invalid setting"})
public final class CaravanCommand implements Callable<Integer>, Surroundings {
  private final Map<String, String> environment;
  private final Path directory;
  private final OutputStream bytes;
  private final Person person;

  @Spec private CommandSpec spec;

  private CaravanCommand(
      Map<String, String> environment, Path directory, OutputStream bytes, Person person) {
    this.environment = environment;
    this.directory = directory;
    this.bytes = bytes;
    this.person = person;
  }

  /** Runs the command that the arguments name, and returns the exit code for the process. */
  public static int execute(String... args) {
    OutOfMemory.endsProgramOfAnyThread();
    return commandLine(ProcessEnvironment.read(), Path.of(""), System.out, Person.AT_THE_TERMINAL)
        .execute(args);
  }

  /**
   * The command line of a process with this environment and working directory.
   *
   * @param bytes where an answer goes that is not text
   * @param person who can be asked
   */
  static CommandLine commandLine(
      Map<String, String> environment, Path directory, OutputStream bytes, Person person) {
    CommandErrors complaints = new CommandErrors();
    return new CommandLine(new CaravanCommand(environment, directory, bytes, person))
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(complaints)
        .setExecutionExceptionHandler(complaints);
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public OutputStream bytes() {
    return bytes;
  }

  @Override
  public Person person() {
    return person;
  }

  @Override
  public Path resolve(String path) {
    return directory.resolve(path);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  /** The version that the build wrote into the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = CaravanCommand.class.getPackage().getImplementationVersion();
      return new String[] {"caravan " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
