package dev.caravan.github.recovery;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookDelivery;
import dev.caravan.github.api.HookOwner.Kind;
import dev.caravan.log.subscription.EventFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a route wants a delivery in GitHub's list. The list has a repository's id but not
 * its name; if the name matters, it is read from one of the repository's deliveries.
 */
final class WantedDeliveries {
  private final GitHubApi api;
  private final List<EventFilter> filters;
  private final Map<Long, Optional<String>> names = new HashMap<>();

  WantedDeliveries(GitHubApi api, List<EventFilter> filters) {
    this.api = api;
    this.filters = filters;
  }

  boolean wants(Hook hook, HookDelivery delivery) {
    if (delivery.event().equals("ping")) {
      return false; // it only says that a hook was created
    }
    List<EventFilter> ofEvent =
        filters.stream()
            .filter(filter -> filter.wants(delivery.event(), delivery.action()))
            .toList();
    if (ofEvent.isEmpty() || ofEvent.stream().anyMatch(filter -> filter.repository() == null)) {
      return !ofEvent.isEmpty();
    }
    String repository = repository(hook, delivery);
    return ofEvent.stream().anyMatch(filter -> filter.wantsRepository(repository));
  }

  private @Nullable String repository(Hook hook, HookDelivery delivery) {
    if (hook.owner().kind() == Kind.REPOSITORY) {
      return hook.owner().name();
    }
    Long id = delivery.repositoryId();
    if (id == null) {
      return null;
    }
    Optional<String> name = names.get(id);
    if (name == null) {
      name = Optional.ofNullable(api.repository(hook, delivery));
      names.put(id, name);
    }
    return name.orElse(null);
  }
}
