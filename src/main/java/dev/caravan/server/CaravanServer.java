package dev.caravan.server;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.config.Versions;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.ReceivingContext;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.log.LogEngine;
import dev.caravan.logging.AttemptLines;
import dev.caravan.management.HealthServer;
import dev.caravan.management.ManagementSettings;
import dev.caravan.metrics.KeptCounts;
import dev.caravan.network.ListeningPlace;
import dev.caravan.notices.NoticeSources;
import dev.caravan.notices.NoticeWatch;
import dev.caravan.notices.Notices;
import dev.caravan.receiver.LogEngines;
import dev.caravan.receiver.Receiving;
import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.secrets.LiveSecrets;
import dev.caravan.server.camel.CamelKeys;
import dev.caravan.server.camel.CamelRuntime;
import dev.caravan.server.camel.StopDeadline;
import dev.caravan.server.camel.TracingSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The whole program, running: log, Camel, the user's routes, the hook's port, management. */
public final class CaravanServer implements AutoCloseable {
  /** A client that keeps a connection usually uses it again within this time. */
  private static final Duration LAST_OF_KEPT_CONNECTIONS = Duration.ofSeconds(5);

  private final StartedParts started = new StartedParts();
  private final Progress progress = new Progress();
  private final Successor successor = new Successor();
  private final Path data;
  private final Receiving receiving;
  private final Notices notices = new Notices();
  private final GitHubSide gitHub;
  private final ManagementSide management;

  private CaravanServer(Supplier<Settings> latest, @Nullable ListeningPlace place)
      throws Exception {
    Settings settings = latest.get();
    Versions versions = Versions.read();
    data = Path.of(settings.text("caravan.data"));
    CamelKeys.refuseProblems(settings);
    StopDeadline.from(settings); // refused before anything is opened
    GitHubSide.check(settings);
    gitHub = new GitHubSide(latest, data, () -> progress.problems().keySet());
    ManagementSettings managementSettings = ManagementSettings.from(settings);
    try {
      AttemptLines lines = started.add(AttemptLines.begin());
      started.add(TracingSetting.begin(settings));
      KeptCounts counts = started.add(new KeptCounts(data.resolve("counts")));
      HookActivity hooks =
          started.add(new HookActivity(data.resolve("hooks"), InstantSource.system()));
      receiving = started.add(new Receiving(latest, hooks, place));
      LogEngine log = receiving.log();
      LiveSecrets secrets = receiving.secrets();
      Ingress ingress = receiving.ingress();
      ingress.check().certificate();
      ingress.check().address(); // before Camel, which would add its own trace
      Meanwhile<ManagementSide> managementSide =
          started.add(
              Meanwhile.start(
                  "management",
                  () ->
                      new ManagementSide(
                          latest,
                          settings,
                          versions,
                          managementSettings,
                          receiving,
                          hooks,
                          counts,
                          lines,
                          gitHub,
                          progress,
                          successor)));
      Meanwhile<CamelContext> receivingRoute =
          started.add(Meanwhile.start("receiving", () -> ReceivingContext.of(ingress)));
      started.add(HealthServer.start(settings, this::trouble, this::heartbeat));
      CamelRuntime contexts =
          started.add(CamelRuntime.start(settings, log, gitHub.rateLimits(), notices));
      progress.has(contexts);
      management = managementSide.get();
      ingress.check().address(); // the management port may have been the same
      RouteFiles files =
          started.add(new RouteFiles(contexts, Path.of(settings.text("caravan.routes"))));
      progress.has(files);
      files.start();
      if (LogEngines.isShared(settings)) {
        started.add(
            NodeDescription.start(
                log, versions.caravan(), settings, files, secrets, this::trouble));
      }
      contexts.startReceiving(ingress, receivingRoute.get());
      management.start();
      started
          .add(new NoticeWatch(noticeSources(log, hooks), notices, InstantSource.system()))
          .start();
      hooks.start();
      progress.isReady();
      gitHub.recoverInBackground(settings, log.history(), started);
    } catch (Throwable e) { // running threads would keep a broken program alive
      close();
      throw e;
    }
  }

  /**
   * Starts everything; returns once deliveries are accepted.
   *
   * @param settings read for the start, and later for what may change while the program runs;
   *     called by several threads
   * @throws InvalidSettingException for a setting that cannot be used
   * @throws CannotStartException for anything else that stands in the way
   */
  public static CaravanServer start(Supplier<Settings> settings) {
    return start(settings, null);
  }

  /**
   * The same, with connections from a given place.
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

  /** The port that receives deliveries. */
  public int port() {
    return receiving.ingress().port();
  }

  /** The URL to give to GitHub, as seen from this machine. */
  public String url() {
    return receiving.url();
  }

  /** The URL of the management port, as seen from this machine. */
  public String managementUrl() {
    return management.url();
  }

  /** A link that opens the console, once; only for somebody who may do everything. */
  public String consoleUrl() {
    return management.url() + management.newConsoleLink();
  }

  /** The user's route files and their states. */
  public List<RouteFile> routeFiles() {
    RouteFiles files = progress.routeFiles();
    return files == null ? List.of() : files.files();
  }

  /** Why deliveries are not accepted at the moment, or an empty text. */
  public String trouble() {
    return progress.trouble(receiving.log());
  }

  /**
   * Completes when everything that accepts deliveries has answered: the event loops and the log.
   */
  public CompletableFuture<Void> heartbeat() {
    return CompletableFuture.allOf(receiving.ingress().heartbeat(), receiving.log().heartbeat());
  }

  /** Whether the generated secret in {@link #secretFile} is in use because none is configured. */
  public boolean isSecretGenerated() {
    return receiving.isSecretGenerated();
  }

  /** Where a generated secret is kept. */
  public Path secretFile() {
    return receiving.secretFile();
  }

  /**
   * Sets what happens when another program asks to replace this one.
   *
   * @param call gets the address where the other one would listen; calls it and begins to make way,
   *     or fails with a sentence
   */
  public void onSuccessor(Consumer<String> call) {
    successor.is(call);
  }

  /**
   * Closes everything for another program to take over at once: routes finish their work while
   * deliveries are still accepted, and then none are for only a moment. The socket on which they
   * arrive stays open if it was told to.
   */
  public void makeWay() {
    Ingress ingress = receiving.ingress();
    long began = System.nanoTime();
    ingress.leave();
    progress.stopRoutes();
    ingress.finishLeaving(
        LAST_OF_KEPT_CONNECTIONS.minus(Duration.ofNanos(System.nanoTime() - began)));
    close();
  }

  /** Stops accepting deliveries, lets routes finish their work, and closes the log. */
  @Override
  public synchronized void close() {
    progress.stops();
    started.close();
  }

  private NoticeSources noticeSources(LogEngine log, HookActivity hooks) {
    return new NoticeSources(
        log.figures(),
        log.history(),
        hooks,
        log::trouble,
        () -> RefusalReason.turnedAway(receiving.ingress().refused()),
        progress::problems);
  }
}
