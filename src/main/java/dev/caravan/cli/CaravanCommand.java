package dev.caravan.cli;

import dev.caravan.config.OutOfMemory;
import dev.caravan.config.ProcessEnvironment;
import dev.caravan.logging.LogFormat;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
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
    scope = ScopeType.INHERIT, // gives every subcommand --help, --version and the exit codes
    mixinStandardHelpOptions = true,
    versionProvider = CaravanCommand.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:usage error or invalid setting"})
public final class CaravanCommand implements Callable<Integer>, Surroundings {
  /** In the order of the help. */
  private static final List<String> NAMES =
      List.of(
          "run",
          "check",
          "send",
          "test",
          "deliveries",
          "replay",
          "subscriptions",
          "nodes",
          "log",
          "routes",
          "add",
          "new",
          "schema",
          "console",
          "secrets",
          "refused",
          "github");

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
    if (args.length > 0 && args[0].equals("run")) {
      LogFormat.prepare();
    }
    return commandLine(
            ProcessEnvironment.read(), Path.of(""), System.out, Person.AT_THE_TERMINAL, args)
        .execute(args);
  }

  /**
   * The command line of a process with this environment and working directory.
   *
   * @param bytes gets answers that are not text
   * @param person can be asked
   * @param args the command line; only its command's class is read, since reading all would double
   *     the time until the log is opened
   */
  static CommandLine commandLine(
      Map<String, String> environment,
      Path directory,
      OutputStream bytes,
      Person person,
      String... args) {
    CommandErrors complaints = new CommandErrors();
    CommandLine line = new CommandLine(new CaravanCommand(environment, directory, bytes, person));
    boolean isNamed = args.length > 0 && NAMES.contains(args[0]);
    for (String name : isNamed ? List.of(args[0]) : NAMES) {
      line.addSubcommand(name, command(name));
    }
    return line.setUsageHelpWidth(100)
        .setParameterExceptionHandler(complaints)
        .setExecutionExceptionHandler(complaints);
  }

  private static Class<?> command(String name) {
    return switch (name) {
      case "run" -> RunCommand.class;
      case "check" -> CheckCommand.class;
      case "send" -> SendCommand.class;
      case "test" -> TestCommand.class;
      case "deliveries" -> DeliveriesCommand.class;
      case "replay" -> ReplayCommand.class;
      case "subscriptions" -> SubscriptionsCommand.class;
      case "nodes" -> NodesCommand.class;
      case "log" -> LogCommand.class;
      case "routes" -> RoutesCommand.class;
      case "add" -> AddCommand.class;
      case "new" -> NewCommand.class;
      case "schema" -> SchemaCommand.class;
      case "console" -> ConsoleCommand.class;
      case "secrets" -> SecretsCommand.class;
      case "refused" -> RefusedCommand.class;
      case "github" -> GitHubCommand.class;
      default -> throw new IllegalArgumentException(name);
    };
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
