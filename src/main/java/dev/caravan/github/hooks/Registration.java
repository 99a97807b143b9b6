package dev.caravan.github.hooks;

import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookConfig;
import dev.caravan.github.api.HookDelivery;
import dev.caravan.github.api.HookOwner;
import java.util.List;

/**
 * Brings an owner's hook into line: finds it by its address, creates it if there is none, and never
 * creates a second one. Repeating it changes nothing.
 */
public final class Registration {
  private static final int EXISTS = 422;

  private final GitHubApi api;
  private final FindHooks find;
  private final String url;

  /**
   * @param url the hook's address as GitHub sees it
   */
  public Registration(GitHubApi api, String url) {
    this.api = api;
    this.find = new FindHooks(api, url, "");
    this.url = url;
  }

  /** What must be done for an owner whose hook needs these events. */
  public HookPlan plan(HookOwner owner, List<String> events) {
    List<Hook> ours = find.of(owner);
    if (ours.isEmpty() && owner.kind() == HookOwner.Kind.APP) {
      // An App has one hook, whatever its current address.
      ours = api.hooks(owner);
    }
    return new HookPlan(
        owner,
        ours.isEmpty() ? null : ours.get(0),
        url,
        events,
        !ours.isEmpty() && isSecretProven(ours.get(0)),
        ours.isEmpty() ? List.of() : ours.subList(1, ours.size()));
  }

  /**
   * Carries out a plan.
   *
   * @param secret with which the hook should sign
   * @return the hook
   */
  public Hook apply(HookPlan plan, String secret) {
    HookConfig config = new HookConfig(url, secret);
    Hook hook = plan.hook();
    if (hook == null) {
      return create(plan, config);
    }
    api.update(hook, config, plan.events());
    return hook;
  }

  /** Removes every hook of the owner with our address. */
  public List<Hook> delete(HookOwner owner) {
    if (owner.kind() == HookOwner.Kind.APP) {
      throw new GitHubException(
          EXISTS, "An App's hook cannot be deleted. Turn it off on the App's page at GitHub.");
    }
    List<Hook> ours = find.of(owner);
    ours.forEach(api::delete);
    return ours;
  }

  /** Caravan answers 2xx only to what is signed with one of its secrets. */
  private boolean isSecretProven(Hook hook) {
    if (!HookUrl.same(url, hook.url())) {
      return false; // somebody else has answered
    }
    Integer code = hook.lastCode();
    if (code == null && hook.owner().kind() != HookOwner.Kind.REPOSITORY) {
      // For these, only GitHub's list of deliveries tells how the last one ended. An App's ping
      // names no owner: it passes with any secret here, whatever that may sign for.
      return api.deliveries(hook, null).deliveries().stream()
          .filter(each -> hook.owner().kind() != HookOwner.Kind.APP || !each.event().equals("ping"))
          .findFirst()
          .map(HookDelivery::succeeded)
          .orElse(false);
    }
    return code != null && code / 100 == 2;
  }

  private Hook create(HookPlan plan, HookConfig config) {
    HookOwner owner = plan.owner();
    if (owner.kind() == HookOwner.Kind.APP) {
      throw new GitHubException(
          EXISTS,
          "The App has no hook yet. Turn it on once, on the App's page at GitHub, with the address %s."
              .formatted(url));
    }
    try {
      return api.create(owner, config, plan.events());
    } catch (GitHubException e) {
      // It may exist nevertheless: created meanwhile by somebody else, or by this request.
      if (e.status() != EXISTS && !e.mayBeDone()) {
        throw e;
      }
      List<Hook> ours = find.of(owner);
      if (ours.isEmpty()) {
        throw e;
      }
      api.update(ours.get(0), config, plan.events());
      return ours.get(0);
    }
  }
}
