package dev.caravan.github.recovery;

import static java.util.stream.Collectors.partitioningBy;

import dev.caravan.config.ProgramName;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds what GitHub sent but never arrived here, makes GitHub send again what a route wants of
 * that, and proves the result. Safe to repeat: what arrives twice is recognised by its GUID.
 */
public final class Recovery {
  /** How long GitHub keeps what it sent; an Enterprise Server may keep it longer. */
  public static final Duration KEPT_BY_GITHUB = Duration.ofDays(3);

  private final GitHubApi api;
  private final ReceivingSide side;
  private final @Nullable RecoveryPlace place;
  private final Waiting waiting;
  private final Consumer<String> told;

  /**
   * @param place keeps its progress; null to look only
   * @param told gets sentences about the progress
   */
  public Recovery(
      GitHubApi api,
      ReceivingSide side,
      @Nullable RecoveryPlace place,
      Waiting waiting,
      Consumer<String> told) {
    this.api = api;
    this.side = side;
    this.place = place;
    this.waiting = waiting;
    this.told = told;
  }

  /**
   * Recovers; returns when everything is here or nothing more arrives.
   *
   * @param since how far to look back for each hook
   * @throws GitHubException when GitHub does not list what it has; later failures are in the report
   */
  public RecoveryReport run(
      List<Hook> hooks, Function<Hook, Instant> since, RecoveryRequest request)
      throws InterruptedException {
    FindMissed found = new FindMissed(api, side);
    for (Hook hook : hooks) {
      found.lookAt(hook, since.apply(hook));
    }
    List<MissedDelivery> missed = found.missed();
    if (place == null) {
      List<StillMissing> missing =
          missed.stream().map(each -> AskAgain.missing(each, each.reason())).toList();
      return report(found, 0, 0, missing);
    }
    AskAgain again = new AskAgain(api, side, place, waiting, told, request);
    again.getBack(missed.stream().filter(each -> !each.wasRefused()).toList());
    getBackRefused(again, place, missed.stream().filter(MissedDelivery::wasRefused).toList());
    return report(found, again.asked(), again.arrived(), again.missing());
  }

  /**
   * Tries one of each hook first: while it has another secret, its others would be refused again.
   */
  private static void getBackRefused(
      AskAgain again, RecoveryPlace place, List<MissedDelivery> refused)
      throws InterruptedException {
    Map<Hook, MissedDelivery> trials = new LinkedHashMap<>();
    for (MissedDelivery each : refused) {
      // One that was asked for as often as it may be would never show that the secret is right now.
      trials.merge(
          each.hook(),
          each,
          BinaryOperator.minBy(Comparator.comparingInt(trial -> place.timesAsked(trial.guid()))));
    }
    again.getBack(List.copyOf(trials.values()));
    Map<Boolean, List<MissedDelivery>> others =
        refused.stream()
            .filter(each -> !trials.containsValue(each))
            .collect(partitioningBy(each -> again.hasArrived(trials.get(each.hook()))));
    again.getBack(others.get(true));
    again.giveUp(others.get(false));
  }

  /** What else may be missing while a route file is broken, for the user. */
  public static String unknown(String file) {
    return "%s is broken: what only its newest version wants counts as not wanted. See: %s"
        .formatted(file, ProgramName.with("routes"));
  }

  private static RecoveryReport report(
      FindMissed found, long asked, long arrived, List<StillMissing> missing) {
    return new RecoveryReport(
        found.seen(),
        found.here(),
        found.notWanted(),
        asked,
        arrived,
        List.copyOf(new ArrayList<>(missing)));
  }
}
