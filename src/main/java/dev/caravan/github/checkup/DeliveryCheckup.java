package dev.caravan.github.checkup;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookDelivery;
import dev.caravan.wording.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the newest page of a hook's deliveries for what went wrong. */
public final class DeliveryCheckup {
  private static final int FORBIDDEN = 403;

  /** Fewer deliveries than this do not show how often they come. */
  private static final int FEWEST = 10;

  private static final int TIMES_THE_LONGEST = 3;
  private static final Duration SHORT = Duration.ofHours(1);

  private final GitHubApi api;
  private final Instant now;

  /**
   * @param now the time by GitHub's clock
   */
  public DeliveryCheckup(GitHubApi api, Instant now) {
    this.api = api;
    this.now = now;
  }

  void look(Hook hook, Checkup checkup) {
    List<HookDelivery> newest = api.deliveries(hook, null).deliveries();
    lookAtAnswers(hook, newest, checkup);
    long throttled = newest.stream().filter(delivery -> delivery.throttledAt() != null).count();
    if (throttled > 0) {
      checkup.found(
          hook.label(),
          "was throttled by GitHub for %d of the last %s"
              .formatted(throttled, Count.of(newest.size(), "delivery")),
          "Ask for fewer events, or wait: what was held back comes later. Then: caravan github recover --dry-run");
    }
    lookForSilence(hook, newest, checkup);
  }

  /** The newest attempt at each delivery counts: it makes up for an earlier failure. */
  private static void lookAtAnswers(Hook hook, List<HookDelivery> newest, Checkup checkup) {
    Set<String> met = new HashSet<>();
    List<HookDelivery> last = newest.stream().filter(each -> met.add(each.guid())).toList();
    long refused = last.stream().filter(each -> each.statusCode() == FORBIDDEN).count();
    if (refused > 0) {
      checkup.found(
          hook.label(),
          "had %d of its last %s refused (403): its secret is not one of ours"
              .formatted(refused, Count.of(last.size(), "delivery")),
          "caravan refused says why; then give it our secret with caravan github register, and caravan github recover");
    }
    long failed =
        last.stream().filter(each -> !each.succeeded() && each.statusCode() != FORBIDDEN).count();
    if (failed > 0) {
      checkup.found(
          hook.label(),
          "had %d of its last %s fail".formatted(failed, Count.of(last.size(), "delivery")),
          "caravan github recover");
    }
  }

  private void lookForSilence(Hook hook, List<HookDelivery> newest, Checkup checkup) {
    if (newest.size() < FEWEST) {
      return;
    }
    Duration longest = Duration.ZERO;
    for (int index = 1; index < newest.size(); index++) {
      Duration gap =
          Duration.between(newest.get(index).deliveredAt(), newest.get(index - 1).deliveredAt());
      longest = gap.compareTo(longest) > 0 ? gap : longest;
    }
    Duration silence = Duration.between(newest.get(0).deliveredAt(), now);
    if (silence.compareTo(SHORT) > 0
        && silence.compareTo(longest.multipliedBy(TIMES_THE_LONGEST)) > 0) {
      checkup.found(
          hook.label(),
          "has been silent for %s; the longest pause among its last %d deliveries was %s"
              .formatted(words(silence), newest.size(), words(longest)),
          "If something happened there since, look at https://www.githubstatus.com and at the hook's page.");
    }
  }

  private static String words(Duration time) {
    return time.toHours() > 0 ? time.toHours() + " h" : time.toMinutes() + " min";
  }
}
