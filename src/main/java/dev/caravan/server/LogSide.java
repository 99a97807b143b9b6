package dev.caravan.server;

import dev.caravan.github.recovery.ReceivingSide;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.log.subscription.EventFilter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** What this program's log contains, and what its routes want. */
final class LogSide implements ReceivingSide {
  private final DeliveryHistory history;
  private final Supplier<Collection<String>> broken;

  LogSide(DeliveryHistory history, Supplier<Collection<String>> broken) {
    this.history = history;
    this.broken = broken;
  }

  @Override
  public Set<String> known(Collection<String> guids) {
    return history.known(guids);
  }

  @Override
  public List<EventFilter> wanted() {
    return history.subscriptions().stream()
        .filter(KnownSubscription::running)
        .map(each -> EventFilter.parse(String.join(",", each.events()), each.repository()))
        .toList();
  }

  @Override
  public Collection<String> broken() {
    return broken.get();
  }
}
