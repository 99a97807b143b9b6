package dev.caravan.github.checkup;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookOwner;
import dev.caravan.github.api.HookOwner.Kind;
import dev.caravan.github.hooks.FindHooks;
import dev.caravan.github.hooks.HookEvents;
import dev.caravan.log.subscription.EventFilter;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Checks an owner's hooks at GitHub for whatever loses deliveries or soon will. */
public final class HookCheckup {
  private final GitHubApi api;
  private final FindHooks find;
  private final List<EventFilter> wanted;
  private final Collection<String> broken;
  private final DeliveryCheckup deliveries;

  /**
   * @param wanted what the routes want; empty when it is not known
   * @param broken route files that cannot run; what they want is not known
   */
  public HookCheckup(
      GitHubApi api,
      FindHooks find,
      List<EventFilter> wanted,
      Collection<String> broken,
      DeliveryCheckup deliveries) {
    this.api = api;
    this.find = find;
    this.wanted = wanted;
    this.broken = broken;
    this.deliveries = deliveries;
  }

  /** Checks the hooks of these owners; one that cannot be checked does not hold up the others. */
  public void look(List<HookOwner> owners, Checkup checkup) {
    for (HookOwner owner : owners) {
      try {
        look(owner, checkup);
      } catch (GitHubException e) {
        checkup.found(
            owner.toString(), "cannot be looked at: " + e.getMessage(), "Mend that first.");
      }
    }
  }

  private void look(HookOwner owner, Checkup checkup) {
    List<Hook> ours = find.of(owner);
    if (ours.isEmpty()) {
      checkup.found(owner.toString(), "has no hook that sends here", register(owner));
    }
    if (ours.size() > 1) {
      checkup.found(
          owner.toString(),
          "has %d hooks with our address, so that everything is sent %1$d times"
              .formatted(ours.size()),
          "Delete all but one on its page at GitHub.");
    }
    int before = checkup.findings().size();
    for (Hook hook : ours) {
      look(hook, checkup);
    }
    if (owner.kind() != Kind.APP) {
      lookAtLimit(owner, ours, checkup);
    }
    if (!ours.isEmpty() && checkup.findings().size() == before) {
      checkup.fine(owner + ": " + ours.get(0).label() + " is in order");
    }
  }

  private void look(Hook hook, Checkup checkup) {
    String about = hook.label();
    String register = register(hook.owner());
    if (!hook.active()) {
      checkup.found(about, "is not active", register);
    }
    if (!hook.hasSecret()) {
      checkup.found(about, "has no secret, so that everything it sends is refused", register);
    }
    if (!hook.url().startsWith("https:")) {
      checkup.found(
          about,
          "sends over http, which everyone on the way can read",
          "Put TLS before the server (docs/operations.md), then register with --url https://…");
    } else if (!hook.verifiesTls()) {
      checkup.found(about, "does not verify our certificate", register);
    }
    if (!hook.contentType().equals("json")) {
      checkup.found(about, "sends forms, which take more room on the way than JSON", register);
    }
    lookAtEvents(hook, checkup);
    lookAtLastAnswer(hook, checkup);
    deliveries.look(hook, checkup);
  }

  private void lookAtEvents(Hook hook, Checkup checkup) {
    List<String> needed = HookEvents.neededBy(wanted, hook.owner());
    List<String> missing = HookEvents.missing(needed, hook);
    String remedy =
        hook.owner().kind() == Kind.APP
            ? "Change the App's events on its page at GitHub."
            : register(hook.owner());
    if (!missing.isEmpty()) {
      checkup.found(
          hook.label(), "lacks events that routes want: " + String.join(", ", missing), remedy);
    }
    if (broken.isEmpty() && !needed.isEmpty() && !needed.contains("*")) {
      TreeSet<String> idle = new TreeSet<>(hook.events());
      needed.forEach(idle::remove);
      if (!idle.isEmpty()) {
        checkup.found(
            hook.label(), "sends what no route wants: " + String.join(", ", idle), remedy);
      }
    }
  }

  private static void lookAtLastAnswer(Hook hook, Checkup checkup) {
    Integer code = hook.lastCode();
    String status = hook.lastStatus();
    if (code == null && status != null && !status.equals("unused") && !status.equals("active")) {
      checkup.found(
          hook.label(),
          "could not be reached by GitHub the last time (%s)".formatted(status),
          "Look whether the address can be reached from the internet, then: caravan github recover");
    }
  }

  private void lookAtLimit(HookOwner owner, List<Hook> ours, Checkup checkup) {
    int most = api.mostHooksOfAnEvent();
    List<Hook> all = api.hooks(owner);
    for (String event : new TreeSet<>(ours.stream().flatMap(h -> h.events().stream()).toList())) {
      long count =
          all.stream()
              .filter(hook -> hook.events().contains(event) || hook.events().contains("*"))
              .count();
      if (count >= most) {
        checkup.found(
            owner.toString(),
            "has %d hooks for %s, as many as GitHub allows".formatted(count, event),
            "Delete some, or let one Caravan route hand the event on to several receivers.");
      }
    }
  }

  private static String register(HookOwner owner) {
    return "caravan github register "
        + switch (owner.kind()) {
          case REPOSITORY -> "--repo " + owner.name();
          case ORGANIZATION -> "--org " + owner.name();
          case APP -> "--app";
        };
  }
}
