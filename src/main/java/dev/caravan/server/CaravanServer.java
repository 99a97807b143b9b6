package dev.caravan.server;

import static java.util.stream.Collectors.toMap;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.config.Versions;
import dev.caravan.console.Console;
import dev.caravan.console.ConsoleSources;
import dev.caravan.github.BackgroundRecovery;
import dev.caravan.github.RecoveryFindings;
import dev.caravan.github.RecoverySchedule;
import dev.caravan.github.ThisProgram;
import dev.caravan.github.api.GitHubSettings;
import dev.caravan.github.api.RateLimits;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.RefusalReason;
import dev.caravan.log.LogEngine;
import dev.caravan.logging.AttemptLines;
import dev.caravan.management.HealthServer;
import dev.caravan.management.InfoApi;
import dev.caravan.management.LogApi;
import dev.caravan.management.ManagementServer;
import dev.caravan.management.ManagementServices;
import dev.caravan.management.ManagementSettings;
import dev.caravan.management.RouteApi;
import dev.caravan.management.SecretApi;
import dev.caravan.management.StartedReplays;
import dev.caravan.metrics.FigureHistory;
import dev.caravan.metrics.KeptCounts;
import dev.caravan.metrics.LossCounts;
import dev.caravan.metrics.MetricSources;
import dev.caravan.metrics.Metrics;
import dev.caravan.network.ListeningPlace;
import dev.caravan.network.Tls;
import dev.caravan.network.TlsFiles;
import dev.caravan.notices.NoticeSources;
import dev.caravan.notices.NoticeWatch;
import dev.caravan.notices.Notices;
import dev.caravan.receiver.LogEngines;
import dev.caravan.receiver.Receiving;
import dev.caravan.rehearsal.Stage;
import dev.caravan.rehearsal.WhatIf;
import dev.caravan.routes.RouteContexts;
import dev.caravan.routes.RouteFile;
import dev.caravan.routes.RouteFiles;
import dev.caravan.secrets.GeneratedSecret;
import dev.caravan.secrets.LiveSecrets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole program, running: log, Camel, the user's routes, the hook's port, management. */
public final class CaravanServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan");

  /** A client that keeps a connection uses it again within that time, or rarely. */
  private static final Duration LAST_OF_KEPT_CONNECTIONS = Duration.ofSeconds(5);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Path data;
  private final Receiving receiving;
  private final Notices notices = new Notices();
  private final RateLimits rateLimits = new RateLimits();
  private final RecoveryFindings recoveryFindings = new RecoveryFindings();
  private final ManagementSettings managementSettings;
  private final AttemptLines lines;
  private final Console console;
  private final ManagementServer management;
  private volatile @Nullable CamelRuntime camel;
  private volatile @Nullable RouteFiles routeFiles;
  private volatile String notReady = "starting";
  private volatile @Nullable Consumer<String> successor;

  private CaravanServer(Supplier<Settings> latest, @Nullable ListeningPlace place)
      throws Exception {
    Settings settings = latest.get();
    Versions versions = Versions.read();
    data = Path.of(settings.text("caravan.data"));
    CamelKeys.problems(settings).stream()
        .findFirst()
        .ifPresent(
            problem -> {
              throw new InvalidSettingException(problem);
            });
    StopDeadline.from(settings); // refused before anything is opened
    checkRecovery(settings);
    managementSettings = ManagementSettings.from(settings);
    try {
      lines = started(AttemptLines.begin());
      KeptCounts counts = started(new KeptCounts(data.resolve("counts")));
      HookActivity hooks = started(new HookActivity(data.resolve("hooks"), InstantSource.system()));
      receiving = started(new Receiving(latest, hooks, place));
      LogEngine log = receiving.log();
      LiveSecrets secrets = receiving.secrets();
      Ingress ingress = receiving.ingress();
      String token = token(settings);
      FigureHistory figureHistory =
          started(
              new FigureHistory(
                  data.resolve("history"), ingress, log.figures(), InstantSource.system()));
      StartedReplays replays = new StartedReplays(log);
      console =
          started(
              new Console(
                  managementSettings,
                  token,
                  consoleSources(latest, log, replays, secrets, hooks, figureHistory)));
      management =
          started(
              ManagementServer.start(
                  managementSettings,
                  token,
                  new ManagementServices(
                      () -> trouble(log),
                      started(
                          new Metrics(
                              new MetricSources(
                                  ingress,
                                  hooks,
                                  secrets,
                                  log.figures(),
                                  LossCounts.keep(counts, ingress, log.figures()),
                                  () -> routeFiles,
                                  this::certificates,
                                  rateLimits,
                                  recoveryFindings,
                                  versions))),
                      new InfoApi(versions, settings, () -> routeFiles),
                      new LogApi(log, log.history(), replays),
                      log.backup(),
                      new SecretApi(secrets, ingress),
                      new RouteApi(() -> routeFiles, log.history()),
                      this::callSuccessor,
                      console)));
      started(HealthServer.start(settings, this::trouble, this::heartbeat));
      ingress.checkCertificate();
      ingress.checkAddress(); // before Camel, which would add a trace of its own
      CamelRuntime contexts = started(CamelRuntime.start(settings, log, rateLimits, notices));
      camel = contexts;
      RouteFiles files =
          started(new RouteFiles(contexts, Path.of(settings.text("caravan.routes"))));
      routeFiles = files;
      files.start();
      if (LogEngines.isShared(settings)) {
        started(NodeDescription.start(log, versions.caravan(), files, secrets, this::trouble));
      }
      contexts.startReceiving(ingress);
      figureHistory.start();
      started(new NoticeWatch(noticeSources(log, hooks), notices, InstantSource.system())).start();
      hooks.start();
      notReady = "";
      if (!settings.text("caravan.github.recover").isEmpty()) {
        started(
            new BackgroundRecovery(
                settings,
                System.getenv(),
                new LogSide(log.history()),
                data.resolve("github-recover"),
                rateLimits,
                recoveryFindings,
                RecoverySchedule.from(settings)));
      }
    } catch (Throwable e) { // or the threads that run already would keep a broken program alive
      close();
      throw e;
    }
  }

  /**
   * Starts everything; returns when deliveries are taken.
   *
   * @param settings read once for the start, and then again and again for what may change while the
   *     program runs; called by several threads
   * @throws InvalidSettingException for a setting that cannot be used
   * @throws CannotStartException for anything else that stands in the way
   */
  public static CaravanServer start(Supplier<Settings> settings) {
    return start(settings, null);
  }

  /**
   * As above, with connections from there.
   *
   * @param place null for the address in the settings
   */
  public static CaravanServer start(Supplier<Settings> settings, @Nullable ListeningPlace place) {
    try {
      return new CaravanServer(settings, place);
    } catch (InvalidSettingException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      throw CannotStartException.because(e);
    }
  }

  /** The port that deliveries come to. */
  public int port() {
    return receiving.ingress().port();
  }

  /** The URL to give to GitHub, as seen from this machine. */
  public String url() {
    return receiving.url();
  }

  /** The URL of the management port, as seen from this machine. */
  public String managementUrl() {
    return managementSettings.scheme() + "://localhost:" + management.port();
  }

  /** A link that opens the console, once; only for who may do everything. */
  public String consoleUrl() {
    return managementUrl() + console.newLink();
  }

  /** The user's route files, and how each is doing. */
  public List<RouteFile> routeFiles() {
    RouteFiles files = routeFiles;
    return files == null ? List.of() : files.files();
  }

  /** Why deliveries are not taken at the moment, or an empty text. */
  public String trouble() {
    return trouble(receiving.log());
  }

  /** Completes when whatever takes deliveries has answered: the event loops and the log. */
  public CompletableFuture<Void> heartbeat() {
    return CompletableFuture.allOf(receiving.ingress().heartbeat(), receiving.log().heartbeat());
  }

  /** Whether the secret in {@link #secretFile} is in use, since none was configured. */
  public boolean isSecretGenerated() {
    return receiving.isSecretGenerated();
  }

  /** Where a generated secret is kept. */
  public Path secretFile() {
    return receiving.secretFile();
  }

  /**
   * What is to happen when another program asks to go on in this one's place.
   *
   * @param call gets the address that it would listen on; calls it, and begins to make way; fails
   *     with a sentence when it cannot
   */
  public void onSuccessor(Consumer<String> call) {
    successor = call;
  }

  private void callSuccessor(String address) {
    Consumer<String> call = successor;
    if (call == null) {
      throw new IllegalStateException("This Caravan cannot hand over its socket.");
    }
    call.accept(address);
  }

  /**
   * Closes everything so that another program can go on at once: routes finish what is in work
   * while deliveries are still taken, and then these stop coming for a moment only. The socket they
   * come by is not closed when it is told to stay.
   */
  public void makeWay() {
    Ingress ingress = receiving.ingress();
    RouteFiles files = routeFiles;
    CamelRuntime contexts = camel;
    long began = System.nanoTime();
    ingress.leave();
    if (files != null && contexts != null) {
      files.close();
      contexts.stopRoutes();
    }
    ingress.finishLeaving(
        LAST_OF_KEPT_CONNECTIONS.minus(Duration.ofNanos(System.nanoTime() - began)));
    close();
  }

  /** Stops taking deliveries, lets routes finish what is in work, and closes the log. */
  @Override
  public synchronized void close() {
    notReady = "stopping";
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("{} did not stop cleanly.", part.getClass().getSimpleName(), e);
      }
    }
  }

  /** Most programs have none, and then none of its classes is loaded. */
  private static void checkRecovery(Settings settings) {
    if (!settings.text("caravan.github.recover").isEmpty()) {
      RecoverySchedule.from(settings);
      GitHubSettings.from(settings);
    }
  }

  private <T extends AutoCloseable> T started(T part) {
    started.push(part);
    return part;
  }

  private String token(Settings settings) {
    if (!managementSettings.token().isEmpty()) {
      return managementSettings.token();
    }
    LogEngines.refuseGenerated(settings, "caravan.management.token");
    return GeneratedSecret.in(ManagementSettings.tokenFile(data));
  }

  private ConsoleSources consoleSources(
      Supplier<Settings> latest,
      LogEngine log,
      StartedReplays replays,
      LiveSecrets secrets,
      HookActivity hooks,
      FigureHistory figureHistory) {
    return new ConsoleSources(
        () -> trouble(log),
        log,
        log.history(),
        log.figures(),
        replays,
        receiving.ingress(),
        hooks,
        secrets,
        () -> routeFiles,
        figureHistory,
        lines,
        this::certificates,
        this::url,
        () ->
            new ThisProgram(
                latest,
                System.getenv(),
                new LogSide(log.history()),
                data.resolve("github-recover"),
                rateLimits,
                owner -> HookSecret.of(owner, latest.get(), secretFile())),
        () ->
            new WhatIf(
                this::onStage,
                Path.of(latest.get().text("caravan.routes")),
                log.history(),
                () -> routeFiles == null ? Map.of() : routeFiles.texts()));
  }

  private NoticeSources noticeSources(LogEngine log, HookActivity hooks) {
    return new NoticeSources(
        log.figures(),
        log.history(),
        hooks,
        log::trouble,
        () -> RefusalReason.turnedAway(receiving.ingress().refused()),
        () ->
            routeFiles().stream()
                .filter(file -> file.problem() != null)
                .collect(toMap(RouteFile::name, file -> String.valueOf(file.problem()))));
  }

  private RouteContexts onStage(Stage stage) {
    CamelRuntime running = camel;
    if (running == null) {
      throw new IllegalStateException("Caravan is starting");
    }
    return running.on(stage);
  }

  private Map<String, Instant> certificates() {
    Map<String, Instant> ends = new TreeMap<>();
    add(ends, "public", receiving.ingressSettings().tls());
    add(ends, "management", managementSettings.tls());
    return ends;
  }

  private static void add(Map<String, Instant> ends, String port, @Nullable TlsFiles files) {
    if (files != null) {
      ends.put(port, Tls.endOf(files));
    }
  }

  private String trouble(LogEngine log) {
    return notReady.isEmpty() ? log.trouble() : notReady;
  }
}
