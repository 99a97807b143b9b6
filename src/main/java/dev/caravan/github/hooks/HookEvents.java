package dev.caravan.github.hooks;

import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookOwner;
import dev.caravan.log.subscription.EventFilter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The events that a hook must have for routes to get what they want.
 *
 * <p>GitHub refuses a hook with events that its owner cannot have. Which ones is in its description
 * of webhooks (@octokit/openapi-webhooks, supported-webhook-types).
 */
public final class HookEvents {
  private static final String ALL = "*";

  private static final Set<String> APP_ONLY =
      Set.of(
          "deployment_protection_rule",
          "deployment_review",
          "github_app_authorization",
          "installation",
          "installation_repositories",
          "installation_target",
          "marketplace_purchase",
          "merge_group",
          "repository_dispatch",
          "security_advisory",
          "sponsorship",
          "workflow_dispatch");

  private static final Set<String> NOT_OF_A_REPOSITORY =
      Set.of(
          "custom_property",
          "custom_property_values",
          "membership",
          "org_block",
          "organization",
          "personal_access_token_request",
          "projects_v2",
          "projects_v2_item",
          "projects_v2_status_update",
          "team");

  private HookEvents() {}

  /**
   * Why the events that hooks need are not known: a hook without one of them would lose for good
   * what happens meanwhile.
   *
   * @param broken route files that cannot run
   * @return a sentence without its full stop; null when they are known
   */
  public static @Nullable String unknown(Collection<String> broken) {
    return broken.isEmpty()
        ? null
        : "%s is broken, so that it is not known which events its routes want. Repair it first"
            .formatted(String.join(", ", broken));
  }

  /** The events that a hook of this owner needs, sorted; {@code *} alone when a route wants all. */
  public static List<String> neededBy(List<EventFilter> filters, HookOwner owner) {
    TreeSet<String> events = new TreeSet<>();
    for (EventFilter filter : filters) {
      if (concerns(filter, owner)) {
        filter.events().forEach(event -> events.add(event.split("\\.", 2)[0]));
      }
    }
    return possible(events, owner);
  }

  /** Those of the events that such a hook can have; every hook gets its ping unasked. */
  static List<String> possible(Set<String> events, HookOwner owner) {
    if (events.contains(ALL)) {
      return List.of(ALL);
    }
    return events.stream()
        .sorted()
        .filter(event -> !event.equals("ping"))
        .filter(
            event ->
                switch (owner.kind()) {
                  case APP -> true;
                  case ORGANIZATION -> !APP_ONLY.contains(event);
                  case REPOSITORY ->
                      !APP_ONLY.contains(event) && !NOT_OF_A_REPOSITORY.contains(event);
                })
        .toList();
  }

  /** Which of these events a hook does not send. An App's cannot have all. */
  public static List<String> missing(List<String> wanted, Hook hook) {
    List<String> has = hook.events();
    boolean isAll =
        has.contains(ALL) || (hook.owner().kind() == HookOwner.Kind.APP && wanted.contains(ALL));
    return isAll ? List.of() : wanted.stream().filter(event -> !has.contains(event)).toList();
  }

  private static boolean concerns(EventFilter filter, HookOwner owner) {
    return owner.kind() != HookOwner.Kind.REPOSITORY || filter.wantsRepository(owner.name());
  }
}
