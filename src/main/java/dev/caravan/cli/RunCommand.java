package dev.caravan.cli;

import dev.caravan.config.ProgramName;
import dev.caravan.config.Settings;
import dev.caravan.logging.LogFormat;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.server.CaravanServer;
import dev.caravan.systemd.ServiceManager;
import dev.caravan.systemd.Watchdog;
import dev.caravan.takeover.HeldSocket;
import dev.caravan.takeover.PublicAddress;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server until the process is told to stop. */
@Command(name = "run", description = "Receive deliveries and run the routes, until stopped.")
final class RunCommand implements Callable<Integer> {
  /** The time that a stop may need beyond that for routes: for open requests and the log. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(20);

  @Mixin private SettingsOptions settings;
  @Spec private CommandSpec command;

  @Option(
      names = "--take-over",
      description =
          "Take over from the Caravan that is running with the same settings, without refusing a delivery in between. If this one cannot start, the other continues.")
  private boolean takeOver;

  @Override
  public Integer call() throws InterruptedException {
    Settings read = settings.read();
    LogFormat format = LogFormat.of(read);
    format.use();
    settings
        .unread(read)
        .forEach(doubt -> LoggerFactory.getLogger("dev.caravan").warn("{}.", doubt));
    TakeOver other = takeOver ? TakeOver.begin(settings, read) : null;
    PublicAddress address = PublicAddress.from(read);
    Path data = settings.resolve(read.text("caravan.data"));
    ServiceManager manager;
    ServerOfProcess process;
    try {
      HeldSocket socket =
          other == null
              ? PublicSocket.choose(address, data, settings.environment())
              : other.socket(address);
      manager = ServiceManager.of(settings.environment(), other == null ? null : other.watchdog());
      process = new ServerOfProcess(settings::read, address, data, socket, manager.watchdog());
    } catch (RuntimeException e) {
      if (other != null) {
        other.close();
      }
      throw e;
    }
    CaravanServer server = process.server();
    Watchdog watchdog = new Watchdog(manager, process::heartbeat, process::trouble);
    Duration stopTimeout = read.duration("caravan.stop-timeout").plus(LAST_ANSWERS);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  watchdog.close();
                  manager.stopping(stopTimeout);
                  process.stop(stopTimeout);
                  // A clean stop is no failure; without this the exit code would be the signal's.
                  Runtime.getRuntime().halt(ExitCode.OK);
                },
                "stop"));
    // After the hook: whoever waits for this line may stop the program at once.
    if (format == LogFormat.JSON) {
      log(server);
    } else {
      greet(server);
    }
    manager.ready(); // before the other ends: systemd ends a service with its main process
    if (other != null) {
      other.done();
    }
    watchdog.start();
    new CountDownLatch(1).await(); // the shutdown hook ends the process
    return ExitCode.OK;
  }

  /** One line, for the program that reads the log. */
  private static void log(CaravanServer server) {
    LoggerFactory.getLogger("dev.caravan")
        .info(
            "Caravan is ready. Deliveries: {}. Routes: {}. Health: {}.",
            server.url(),
            routes(server.routeFiles()),
            health(server));
  }

  private void greet(CaravanServer server) {
    PrintWriter out = command.commandLine().getOut();
    out.println();
    out.println("Caravan is ready.");
    out.println("  Deliveries  " + server.url());
    out.println(
        "  Secret      "
            + (server.isSecretGenerated()
                ? "generated, in " + server.secretFile()
                : "as configured (" + ProgramName.with("secrets") + ")"));
    out.println("  Routes      " + routes(server.routeFiles()));
    out.println("  Health      " + health(server));
    out.println("  Console     " + console(server));
    out.println();
    out.println("Give GitHub that URL and secret, or try it now from another terminal:");
    out.println("  " + sendCommand(server));
    out.println();
    out.flush();
  }

  /** Only a terminal gets a link that logs somebody in: stored output must not contain one. */
  private static String console(CaravanServer server) {
    return Terminal.isThere()
        ? server.consoleUrl() + " (once; later " + ProgramName.with("console") + ")"
        : server.managementUrl() + " (" + ProgramName.with("console") + " logs you in)";
  }

  private static String health(CaravanServer server) {
    return server.managementUrl() + "/observe/health/ready";
  }

  /** The command that reaches this server from another terminal in this directory. */
  private String sendCommand(CaravanServer server) {
    String command = "send push" + settings.forOtherCommands(server.port());
    return ProgramName.isInstalled() || Files.isExecutable(settings.resolve("caravan"))
        ? ProgramName.with(command)
        : "java -jar "
            + System.getProperty("java.class.path").split(File.pathSeparator, 2)[0]
            + " "
            + command;
  }

  private static String routes(List<RouteFile> files) {
    if (files.isEmpty()) {
      return "none yet; deliveries are kept for those to come";
    }
    return String.join(
        ", ",
        files.stream()
            .map(file -> file.name() + (file.problem() == null ? "" : " (broken, see above)"))
            .toList());
  }
}
