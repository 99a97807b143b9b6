package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.routes.RouteFinding;
import dev.caravan.server.DryRun;
import dev.caravan.wording.Count;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what is wrong with settings and routes before they are used, for people and for CI. */
@Command(
    name = "check",
    description = {
      "Checks the settings, the files they name, and the routes; exits with 1 when something is wrong.",
      "Opens no port, connects to nothing and does not touch the data directory. So it cannot say"
          + " whether a port is free, a server can be reached or a password is right, nor what a"
          + " route does with a delivery."
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions options;

  @Override
  public Integer call() {
    // Warnings of libraries are no part of the answer. Set before the first class with a logger.
    System.setProperty("caravan.log.target", "SYSTEM_ERR");
    Configurator.setLevel("dev.caravan.routes", Level.OFF); // what it says is printed here
    PrintWriter out = spec.commandLine().getOut();
    Path file = options.file();
    Settings settings;
    try {
      settings = options.read();
    } catch (InvalidSettingException e) {
      out.println(setting(file, String.valueOf(e.getMessage())));
      return ExitCode.SOFTWARE;
    }
    Path routes = options.resolve(settings.text("caravan.routes"));
    DryRun dryRun = DryRun.of(settings, routes);
    options.unread(settings).forEach(doubt -> out.println("warning: " + doubt + "."));
    dryRun.settingProblems().forEach(problem -> out.println(setting(file, problem)));
    dryRun.routeFindings().forEach(finding -> out.println(route(routes, finding)));
    long problems =
        dryRun.settingProblems().size()
            + dryRun.routeFindings().stream().filter(finding -> !finding.isWarning()).count();
    out.println(
        problems == 0
            ? "The settings are fine, and so are %s in %s."
                .formatted(Count.of(dryRun.routes(), "route"), Count.of(dryRun.files(), "file"))
            : Count.of(problems, "problem") + ".");
    return problems == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static String setting(@Nullable Path file, String problem) {
    Integer line = file == null ? null : SettingLine.in(file, problem);
    return Terminal.plain((line == null ? "" : file + ":" + line + ": ") + problem);
  }

  private static String route(Path routes, RouteFinding finding) {
    return Terminal.plain(
        routes.resolve(finding.file())
            + (finding.line() == null ? "" : ":" + finding.line())
            + (finding.isWarning() ? ": warning: " : ": ")
            + finding.message());
  }
}
