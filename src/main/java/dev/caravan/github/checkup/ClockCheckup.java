package dev.caravan.github.checkup;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Waiting;
import java.time.Duration;
import java.time.Instant;

/** Compares our clock with GitHub's, which also tells whether GitHub can be reached. */
public final class ClockCheckup {
  private static final Duration TOLERATED = Duration.ofSeconds(30);

  private ClockCheckup() {}

  /** Compares, and returns the time at GitHub, or ours when GitHub does not tell. */
  public static Instant look(GitHubApi api, Waiting waiting, Checkup checkup) {
    Instant theirs;
    try {
      theirs = api.time();
    } catch (GitHubException e) {
      checkup.found("GitHub", "cannot be asked: " + e.getMessage(), "Mend that first.");
      return waiting.now();
    }
    if (theirs == null) {
      return waiting.now();
    }
    Duration ahead = Duration.between(theirs, waiting.now());
    if (ahead.abs().compareTo(TOLERATED) > 0) {
      checkup.found(
          "the clock",
          "of this machine is %d s %s that of GitHub"
              .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
          "Set it by NTP: an App's keys are refused, and times in the log are wrong.");
    } else {
      checkup.fine("GitHub answers, and the clocks agree");
    }
    return theirs;
  }
}
