package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.github.ThisProgram;
import dev.caravan.github.api.GitHubSettings;
import dev.caravan.github.api.RateLimits;
import dev.caravan.github.hooks.HookAddress;
import dev.caravan.github.recovery.BackgroundRecovery;
import dev.caravan.github.recovery.RecoveryFindings;
import dev.caravan.github.recovery.RecoverySchedule;
import dev.caravan.log.DeliveryHistory;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * What this program asks GitHub: for the console, and at intervals for deliveries that never
 * arrived. As long as it asks nothing, none of the classes for it are loaded.
 */
final class GitHubSide {
  private final Supplier<Settings> latest;
  private final Supplier<Collection<String>> broken;
  private final Path state;
  private final RateLimits rateLimits = new RateLimits();
  private final RecoveryFindings findings = new RecoveryFindings();

  /**
   * @param broken names the route files whose newest version cannot run
   */
  GitHubSide(Supplier<Settings> latest, Path data, Supplier<Collection<String>> broken) {
    this.latest = latest;
    this.broken = broken;
    this.state = data.resolve("github-recover");
  }

  /**
   * Refuses settings of a recovery in the background that cannot be used.
   *
   * @throws dev.caravan.config.InvalidSettingException with a sentence that names the key
   */
  static void check(Settings settings) {
    if (recovers(settings)) {
      RecoverySchedule.from(settings);
      GitHubSettings.from(settings);
      HookAddress.atGitHub(settings);
    }
  }

  private static boolean recovers(Settings settings) {
    return !settings.text("caravan.github.recover").isEmpty();
  }

  /** What GitHub has said about its limits. */
  RateLimits rateLimits() {
    return rateLimits;
  }

  /** What the recoveries have found. */
  RecoveryFindings findings() {
    return findings;
  }

  /** This program, for questions to GitHub from a page. */
  ThisProgram program(DeliveryHistory history, Path secretFile) {
    return new ThisProgram(
        latest,
        System.getenv(),
        new LogSide(history, broken),
        state,
        rateLimits,
        owner -> HookSecret.of(owner, latest.get(), secretFile));
  }

  void recoverInBackground(Settings settings, DeliveryHistory history, StartedParts started) {
    if (recovers(settings)) {
      started.add(
          new BackgroundRecovery(
              settings,
              System.getenv(),
              new LogSide(history, broken),
              state,
              rateLimits,
              findings,
              RecoverySchedule.from(settings)));
    }
  }
}
