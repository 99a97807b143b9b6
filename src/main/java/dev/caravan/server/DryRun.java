package dev.caravan.server;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubSettings;
import dev.caravan.github.hooks.HookAddress;
import dev.caravan.github.hooks.HookOwners;
import dev.caravan.github.recovery.RecoverySchedule;
import dev.caravan.ingress.port.IngressSettings;
import dev.caravan.logging.LogFormat;
import dev.caravan.management.HealthServer;
import dev.caravan.management.ManagementSettings;
import dev.caravan.network.Callers;
import dev.caravan.network.tls.Tls;
import dev.caravan.network.tls.TlsFiles;
import dev.caravan.receiver.LogSettings;
import dev.caravan.receiver.LogShipping;
import dev.caravan.receiver.Receiving;
import dev.caravan.routes.RouteCheck;
import dev.caravan.routes.RouteFinding;
import dev.caravan.secrets.LiveSecrets;
import dev.caravan.server.camel.CamelKeys;
import dev.caravan.server.camel.CamelRuntime;
import dev.caravan.server.camel.StopDeadline;
import dev.caravan.server.camel.TracingSetting;
import dev.caravan.takeover.PublicAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a start would find wrong with settings and routes, without opening a port, connecting to
 * anything or touching the data directory.
 *
 * @param settingProblems a sentence for each, which names the setting
 * @param routes how many routes can be built
 */
public record DryRun(
    List<String> settingProblems, List<RouteFinding> routeFindings, int routes, int files) {

  /** Every part that reads settings: each reports what it cannot use. */
  private static final List<Consumer<Settings>> READERS =
      List.of(
          IngressSettings::from,
          PublicAddress::from,
          ManagementSettings::from,
          LogSettings::from,
          LogSettings::shared,
          LogShipping::check,
          Receiving::generatesSecret,
          ManagementSide::generatesToken,
          HealthServer::wantedPort,
          LogFormat::of,
          Callers::check,
          LiveSecrets::check,
          StopDeadline::from,
          TracingSetting::isOn,
          GitHubSettings::from,
          HookOwners::from,
          HookAddress::atGitHub,
          RecoverySchedule::from,
          settings -> check(IngressSettings.from(settings).tls()),
          settings -> check(ManagementSettings.from(settings).tls()));

  /** Checks everything. */
  public static DryRun of(Settings settings, Path routes) {
    List<String> problems = new ArrayList<>();
    for (Consumer<Settings> reader : READERS) {
      try {
        reader.accept(settings);
      } catch (InvalidSettingException | IllegalStateException e) {
        String problem = String.valueOf(e.getMessage());
        if (!problems.contains(problem)) {
          problems.add(problem);
        }
      }
    }
    Map<String, String> camelKeys = CamelKeys.problems(settings);
    problems.addAll(camelKeys.values());
    Map<String, String> usable = new HashMap<>(settings.all());
    usable.keySet().removeAll(camelKeys.keySet());
    try (CamelRuntime camel = CamelRuntime.withoutStartingRoutes(new Settings(usable))) {
      RouteCheck check = new RouteCheck(camel, routes);
      return new DryRun(problems, check.findings(), check.routes(), check.files());
    } catch (Exception e) {
      problems.add(CannotStartException.sentence(e)); // one of Camel's own settings
      return new DryRun(problems, List.of(), 0, 0);
    }
  }

  private static void check(@Nullable TlsFiles files) {
    if (files != null) {
      Tls.check(files);
    }
  }
}
