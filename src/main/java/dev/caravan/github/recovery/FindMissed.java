package dev.caravan.github.recovery;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookDeliveries;
import dev.caravan.github.api.HookDelivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what GitHub tried to deliver with what is here, page by page. Remembers only what is
 * missing, and the GUIDs that were attempted more than once.
 */
final class FindMissed {
  private final GitHubApi api;
  private final ReceivingSide side;
  private final WantedDeliveries wanted;
  private final Map<String, MissedDelivery> missed = new LinkedHashMap<>();
  private long seen;
  private long here;
  private long notWanted;

  FindMissed(GitHubApi api, ReceivingSide side) {
    this.api = api;
    this.side = side;
    this.wanted = new WantedDeliveries(api, side.wanted());
  }

  long seen() {
    return seen;
  }

  long here() {
    return here;
  }

  long notWanted() {
    return notWanted;
  }

  /** What is missing, oldest first. */
  List<MissedDelivery> missed() {
    List<MissedDelivery> sorted = new ArrayList<>(missed.values());
    Collections.reverse(sorted); // within a second, only GitHub's order tells
    sorted.sort(Comparator.comparing(missing -> missing.attempt().deliveredAt()));
    return sorted;
  }

  /** Looks at what was sent to the hook since that time. */
  void lookAt(Hook hook, Instant since) {
    Set<String> again = new HashSet<>();
    String cursor = null;
    do {
      HookDeliveries page = api.deliveries(hook, cursor);
      List<HookDelivery> newest = new ArrayList<>();
      boolean isPast = false;
      for (HookDelivery delivery : page.deliveries()) {
        isPast |= delivery.deliveredAt().isBefore(since);
        // The list is newest first: the first attempt found is the newest. Only redelivered ones
        // are there more than once.
        boolean met =
            delivery.redelivery() ? !again.add(delivery.guid()) : again.contains(delivery.guid());
        if (!delivery.deliveredAt().isBefore(since) && !met) {
          newest.add(delivery);
        }
      }
      classify(hook, newest);
      cursor = isPast ? null : page.next();
    } while (cursor != null);
  }

  private void classify(Hook hook, List<HookDelivery> deliveries) {
    // An event that several hooks missed counts once.
    List<HookDelivery> fresh =
        deliveries.stream().filter(delivery -> !missed.containsKey(delivery.guid())).toList();
    seen += fresh.size();
    Set<String> known = known(side, fresh.stream().map(HookDelivery::guid).toList());
    for (HookDelivery delivery : fresh) {
      if (known.contains(delivery.guid())) {
        here++;
      } else if (wanted.wants(hook, delivery)) {
        missed.put(delivery.guid(), new MissedDelivery(hook, delivery));
      } else {
        notWanted++;
      }
    }
  }

  /** Which of any number of GUIDs are here. */
  static Set<String> known(ReceivingSide side, Collection<String> guids) {
    List<String> all = List.copyOf(guids);
    Set<String> known = new HashSet<>();
    for (int start = 0; start < all.size(); start += ReceivingSide.MOST_GUIDS) {
      int end = Math.min(all.size(), start + ReceivingSide.MOST_GUIDS);
      known.addAll(side.known(all.subList(start, end)));
    }
    return known;
  }
}
