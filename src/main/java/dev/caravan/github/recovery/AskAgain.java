package dev.caravan.github.recovery;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.HookDelivery;
import dev.caravan.github.api.Waiting;
import dev.caravan.wording.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks GitHub for what was missed, waits for it to arrive, and asks again for what got lost on the
 * way, but never for what would only be refused once more.
 */
final class AskAgain {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** What was asked for so recently may be on its way, whoever asked. */
  private static final Duration ON_ITS_WAY = Duration.ofMinutes(10);

  /** After so many server errors in a row, it is better to leave GitHub alone. */
  private static final int MOST_FAILURES = 5;

  private static final int TELL_EVERY = 50;

  private final GitHubApi api;
  private final ReceivingSide side;
  private final RecoveryPlace place;
  private final Waiting waiting;
  private final Consumer<String> told;
  private final RecoveryRequest request;
  private final NewAttempts attempts;

  private final Map<String, MissedDelivery> pending = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Set<String> arrived = new HashSet<>();
  private final List<StillMissing> givenUp = new ArrayList<>();
  private @Nullable String stopped;
  private int failures;

  AskAgain(
      GitHubApi api,
      ReceivingSide side,
      RecoveryPlace place,
      Waiting waiting,
      Consumer<String> told,
      RecoveryRequest request) {
    this.api = api;
    this.side = side;
    this.place = place;
    this.waiting = waiting;
    this.told = told;
    this.request = request;
    this.attempts = new NewAttempts(api, waiting.now());
  }

  int asked() {
    return asked.size();
  }

  int arrived() {
    return arrived.size();
  }

  /** What did not arrive, with the reason. */
  List<StillMissing> missing() {
    return givenUp;
  }

  boolean hasArrived(MissedDelivery delivery) {
    return arrived.contains(delivery.guid());
  }

  /** Gets these back, as far as possible. */
  void getBack(List<MissedDelivery> deliveries) throws InterruptedException {
    deliveries.forEach(delivery -> pending.put(delivery.guid(), delivery));
    for (int round = 1; round <= request.rounds() && !pending.isEmpty(); round++) {
      if (stopped == null) {
        ask(round == 1);
      }
      awaitArrivals();
      readAttempts();
    }
    for (MissedDelivery delivery : pending.values()) {
      givenUp.add(missing(delivery, reason(delivery)));
    }
    pending.clear();
  }

  /** Leaves these alone. */
  void giveUp(List<MissedDelivery> deliveries) {
    deliveries.forEach(delivery -> givenUp.add(missing(delivery, delivery.reason())));
  }

  static StillMissing missing(MissedDelivery delivery, String reason) {
    HookDelivery attempt = delivery.attempt();
    return new StillMissing(
        attempt.guid(), attempt.event(), attempt.action(), attempt.deliveredAt(), reason);
  }

  private void ask(boolean isFirst) {
    int since = 0;
    for (MissedDelivery delivery : List.copyOf(pending.values())) {
      if (since++ % TELL_EVERY == 0) {
        lookForArrivals(); // another machine may be recovering, too
        told.accept(
            "Asked for %d, %d arrived, %d to come."
                .formatted(asked.size(), arrived.size(), pending.size()));
      }
      if (pending.containsKey(delivery.guid()) && isToBeAsked(delivery, isFirst)) {
        ask(delivery);
      }
      if (stopped != null) {
        return;
      }
    }
  }

  private boolean isToBeAsked(MissedDelivery delivery, boolean isFirst) {
    Instant last = place.lastAsked(delivery.guid());
    boolean isOnItsWay =
        last != null
            && last.isAfter(waiting.now().minus(ON_ITS_WAY))
            && !NewAttempts.isAfter(delivery, last);
    return !(isFirst && isOnItsWay) && place.timesAsked(delivery.guid()) < request.mostAsks();
  }

  private void ask(MissedDelivery delivery) {
    place.asking(delivery.guid(), waiting.now());
    try {
      api.redeliver(delivery.hook(), delivery.attempt().id());
      asked.add(delivery.guid());
      failures = 0;
    } catch (GitHubException e) {
      if (e.isAboutOneRequest()) {
        pending.remove(delivery.guid());
        givenUp.add(missing(delivery, "GitHub does not send it again: " + e.getMessage()));
      } else if (e.mayBeDone() && e.status() >= 500 && ++failures < MOST_FAILURES) {
        asked.add(delivery.guid());
      } else {
        stopped = e.getMessage();
      }
    }
  }

  /** Waits until everything is here, or nothing more arrives. */
  private void awaitArrivals() throws InterruptedException {
    lookForArrivals();
    Instant until = waiting.now().plus(request.patience());
    while (!pending.isEmpty() && waiting.now().isBefore(until)) {
      waiting.pause(LOOK_EVERY);
      if (lookForArrivals() > 0) {
        until = waiting.now().plus(request.patience());
      }
    }
  }

  private int lookForArrivals() {
    Set<String> here = FindMissed.known(side, pending.keySet());
    pending.keySet().removeAll(here);
    arrived.addAll(here);
    return here.size();
  }

  /** Reads what GitHub says about those that did not arrive; refused ones are given up. */
  private void readAttempts() {
    if (stopped == null) {
      try {
        attempts.readInto(pending);
      } catch (GitHubException e) {
        stopped = e.getMessage();
      }
    }
    for (MissedDelivery delivery : List.copyOf(pending.values())) {
      if (attempts.wasTriedAgain(delivery) && delivery.isFinal()) {
        pending.remove(delivery.guid());
        givenUp.add(missing(delivery, delivery.reason()));
      }
    }
  }

  private String reason(MissedDelivery delivery) {
    if (stopped != null) {
      return "not asked for to the end: " + stopped;
    }
    if (attempts.wasTriedAgain(delivery)) {
      return delivery.reason();
    }
    return asked.contains(delivery.guid())
        ? "GitHub was asked for it, and has not sent it"
        : "GitHub was asked for it %s before, and has not sent it"
            .formatted(Count.of(place.timesAsked(delivery.guid()), "time"));
  }
}
