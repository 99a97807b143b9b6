package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.management.RefusedException;
import dev.caravan.routes.RouteFinding;
import dev.caravan.server.DryRun;
import dev.caravan.takeover.HeldSocket;
import dev.caravan.takeover.Predecessor;
import dev.caravan.takeover.PublicAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the program that runs with the same settings, as late and as briefly as possible: only
 * when everything that a start needs is checked is the other program asked to make way.
 */
final class TakeOver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan");

  private static final int NOT_FOUND = 404;

  private final Predecessor predecessor;

  private TakeOver(Predecessor predecessor) {
    this.predecessor = predecessor;
  }

  /**
   * Asks the running program to make way.
   *
   * @return null when none runs
   * @throws CommandFailedException with a sentence, when that program continues instead
   */
  static @Nullable TakeOver begin(SettingsOptions options, Settings settings) {
    Path data = options.resolve(settings.text("caravan.data"));
    PublicSocket.check(data);
    PublicAddress address = PublicAddress.from(settings);
    try (ServerAccess running = OpenLog.server(options)) {
      checkStart(settings, options.resolve(settings.text("caravan.routes")));
      TakeOver takeOver = new TakeOver(expected(data));
      try {
        running.takeOver(address.toString());
        takeOver.predecessor.awaitCall();
        LOG.info("The Caravan that runs makes way for this one.");
        return takeOver;
      } catch (IOException | RuntimeException e) {
        takeOver.close();
        throw new CommandFailedException(
            goesOn(
                e instanceof RefusedException refused && refused.status() == NOT_FOUND
                    ? "It is a version that cannot make way. Stop it, and start this one as usual."
                    : e.getMessage()));
      }
    } catch (NothingListensException e) {
      LOG.info("There is no Caravan to take over from. {}", e.getMessage());
      return null;
    }
  }

  /** Waits until the other program has closed everything else, and takes its socket. */
  HeldSocket socket(PublicAddress address) {
    try {
      HeldSocket given = predecessor.socket(address);
      if (given == null) {
        LOG.warn("The other Caravan ended without handing over its socket.");
      }
      return given == null ? HeldSocket.at(address) : given;
    } catch (IOException e) {
      throw new CommandFailedException(goesOn(e.getMessage()));
    }
  }

  /** How long a service manager waits for a sign of life, once the socket was given. */
  Duration watchdog() {
    return predecessor.watchdog();
  }

  /** This program accepts deliveries; the other may end. */
  void done() {
    try {
      predecessor.release();
    } catch (IOException e) {
      LOG.debug("The other Caravan has ended already", e);
    }
    close();
  }

  /** Gives up; the other program continues. */
  @Override
  public void close() {
    try {
      predecessor.close();
    } catch (IOException e) {
      LOG.debug("The way to the other Caravan cannot be closed", e);
    }
  }

  private static Predecessor expected(Path data) {
    try {
      return Predecessor.expectedIn(data);
    } catch (IOException e) {
      throw new CommandFailedException(
          goesOn("Cannot wait in %s to take over: %s".formatted(data, e.getMessage())));
    }
  }

  /** Refuses broken routes: only the running program has their last good versions. */
  private static void checkStart(Settings settings, Path routes) {
    DryRun start = DryRun.of(settings, routes);
    start.settingProblems().stream()
        .findFirst()
        .ifPresent(
            problem -> {
              throw new CommandFailedException(goesOn(problem));
            });
    start.routeFindings().stream()
        .filter(finding -> !finding.isWarning())
        .findFirst()
        .ifPresent(
            finding -> {
              throw new CommandFailedException(goesOn(sentence(routes, finding)));
            });
  }

  private static String sentence(Path routes, RouteFinding finding) {
    return routes.resolve(finding.file())
        + (finding.line() == null ? "" : ":" + finding.line())
        + ": "
        + finding.message();
  }

  private static String goesOn(@Nullable String why) {
    return "Not taken over: the running Caravan continues. " + why;
  }
}
