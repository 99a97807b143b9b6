package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.config.Versions;
import dev.caravan.console.Console;
import dev.caravan.console.ConsoleSources;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.log.LogEngine;
import dev.caravan.logging.AttemptLines;
import dev.caravan.management.InfoApi;
import dev.caravan.management.LogApi;
import dev.caravan.management.ManagementServer;
import dev.caravan.management.ManagementServices;
import dev.caravan.management.ManagementSettings;
import dev.caravan.management.RouteApi;
import dev.caravan.management.SecretApi;
import dev.caravan.metrics.FigureHistory;
import dev.caravan.metrics.KeptCounts;
import dev.caravan.metrics.LossCounts;
import dev.caravan.metrics.MetricSources;
import dev.caravan.metrics.Metrics;
import dev.caravan.receiver.LogEngines;
import dev.caravan.receiver.Receiving;
import dev.caravan.rehearsal.WhatIf;
import dev.caravan.secrets.GeneratedSecret;
import dev.caravan.secrets.LiveSecrets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The management port: its API, its console, and what both show. */
final class ManagementSide implements AutoCloseable {
  private final StartedParts started = new StartedParts();
  private final Supplier<Settings> latest;
  private final ManagementSettings managementSettings;
  private final Path data;
  private final Receiving receiving;
  private final HookActivity hooks;
  private final AttemptLines lines;
  private final GitHubSide gitHub;
  private final Progress progress;
  private final Certificates certificates;
  private final FigureHistory figureHistory;
  private final Console console;
  private final ManagementServer server;

  /**
   * Opens the port.
   *
   * @param counts those that outlive a restart
   */
  ManagementSide(
      Supplier<Settings> latest,
      Settings settings,
      Versions versions,
      ManagementSettings managementSettings,
      Receiving receiving,
      HookActivity hooks,
      KeptCounts counts,
      AttemptLines lines,
      GitHubSide gitHub,
      Progress progress,
      Successor successor) {
    this.latest = latest;
    this.managementSettings = managementSettings;
    this.data = Path.of(settings.text("caravan.data"));
    this.receiving = receiving;
    this.hooks = hooks;
    this.lines = lines;
    this.gitHub = gitHub;
    this.progress = progress;
    this.certificates =
        new Certificates(receiving.ingressSettings().tls(), managementSettings.tls());
    LogEngine log = receiving.log();
    LiveSecrets secrets = receiving.secrets();
    Ingress ingress = receiving.ingress();
    try {
      String token = token(settings);
      this.figureHistory =
          started.add(
              new FigureHistory(
                  data.resolve("history"), ingress, log.figures(), InstantSource.system()));
      this.console = started.add(new Console(managementSettings, token, consoleSources()));
      this.server =
          started.add(
              ManagementServer.start(
                  managementSettings,
                  token,
                  new ManagementServices(
                      () -> progress.trouble(log),
                      started.add(
                          new Metrics(
                              new MetricSources(
                                  ingress,
                                  hooks,
                                  secrets,
                                  log.figures(),
                                  LossCounts.keep(counts, ingress, log.figures()),
                                  progress::routeFiles,
                                  certificates::ends,
                                  gitHub.rateLimits(),
                                  gitHub.findings(),
                                  versions))),
                      new InfoApi(versions, settings, progress::routeFiles),
                      new LogApi(log),
                      log.backup(),
                      new SecretApi(secrets, ingress),
                      new RouteApi(progress::routeFiles, log.history()),
                      successor::call,
                      console)));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Begins to record figures for the charts. */
  void start() {
    figureHistory.start();
  }

  /** Its URL, as seen from this machine. */
  String url() {
    return managementSettings.scheme() + "://localhost:" + server.port();
  }

  /** The path of a link that opens the console, once. */
  String newConsoleLink() {
    return console.newLink();
  }

  /**
   * Whether a token is generated because none is configured.
   *
   * @throws dev.caravan.config.InvalidSettingException when one must be configured
   */
  static boolean generatesToken(Settings settings) {
    boolean isGenerated = ManagementSettings.from(settings).token().isEmpty();
    if (isGenerated) {
      LogEngines.refuseGenerated(settings, "caravan.management.token");
    }
    return isGenerated;
  }

  @Override
  public void close() {
    started.close();
  }

  private String token(Settings settings) {
    return generatesToken(settings)
        ? GeneratedSecret.in(ManagementSettings.tokenFile(data))
        : managementSettings.token();
  }

  private ConsoleSources consoleSources() {
    LogEngine log = receiving.log();
    return new ConsoleSources(
        () -> progress.trouble(log),
        log,
        receiving.ingress(),
        hooks,
        receiving.secrets(),
        progress::routeFiles,
        figureHistory,
        lines,
        certificates::ends,
        receiving::url,
        () -> gitHub.program(log.history(), receiving.secretFile()),
        () ->
            new WhatIf(
                progress::onStage,
                Path.of(latest.get().text("caravan.routes")),
                log.history(),
                progress::routeTexts));
  }
}
