package dev.caravan.github.hooks;

import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must change at GitHub for an owner's hook to be as it should be.
 *
 * @param hook the existing hook; null when there is none
 * @param url the address it should have; only an App's hook may have another
 * @param events the events it needs
 * @param isSecretProven whether something shows that its secret is ours, which GitHub does not tell
 * @param others further hooks with the same address, which send everything twice
 */
public record HookPlan(
    HookOwner owner,
    @Nullable Hook hook,
    String url,
    List<String> events,
    boolean isSecretProven,
    List<Hook> others) {
  /** In place of a plan, for an owner from whom no event is needed. */
  public static final String NOTHING_WANTED = "nothing to do: no route wants anything from it";

  /** What loses deliveries now, a few words for each. */
  public List<String> losses() {
    List<String> losses = new ArrayList<>();
    if (hook == null) {
      losses.add("no hook");
      return losses;
    }
    if (isElsewhere(hook)) {
      losses.add("sends to " + hook.url());
    }
    if (!missing(hook).isEmpty()) {
      losses.add("lacks " + String.join(", ", missing(hook)));
    }
    if (!hook.active()) {
      losses.add("is not active");
    }
    return losses;
  }

  /** What must be changed, a few words for each; none when it is as it should be. */
  public List<String> differences() {
    if (hook == null) {
      return List.of("a new hook for " + String.join(", ", events));
    }
    List<String> differences = new ArrayList<>();
    if (isElsewhere(hook)) {
      differences.add("address %s → %s".formatted(hook.url(), url));
    }
    if (isEventsDifferent(hook)) {
      differences.add(
          "events %s → %s".formatted(String.join(", ", hook.events()), String.join(", ", events)));
    }
    if (!hook.active()) {
      differences.add("active");
    }
    if (!hook.contentType().equals("json")) {
      differences.add("content type %s → json".formatted(hook.contentType()));
    }
    if (!hook.verifiesTls()) {
      differences.add("TLS verification");
    }
    if (!hook.hasSecret()) {
      differences.add("a secret");
    } else if (!isSecretProven) {
      differences.add("the secret again, since nothing shows that it is ours");
    }
    return differences;
  }

  /**
   * What was found, in words.
   *
   * @param found {@link #losses} or {@link #differences}
   */
  public String words(List<String> found) {
    return (found.isEmpty() ? "in line" : String.join("; ", found)) + duplicates();
  }

  /**
   * What was done, in words.
   *
   * @param found what was different
   */
  public String done(List<String> found) {
    String did =
        found.isEmpty()
            ? "in line"
            : "%s (%s)".formatted(hook == null ? "made" : "changed", String.join("; ", found));
    return did + duplicates() + eventsOfApp();
  }

  private String duplicates() {
    return others.isEmpty()
        ? ""
        : "; delete %s, which sends everything twice"
            .formatted(String.join(", ", others.stream().map(Hook::label).toList()));
  }

  private String eventsOfApp() {
    return owner.kind() == HookOwner.Kind.APP && hook != null && !missing(hook).isEmpty()
        ? "; the App lacks %s: change that on its page at GitHub, the API cannot"
            .formatted(String.join(", ", missing(hook)))
        : "";
  }

  private List<String> missing(Hook present) {
    return HookEvents.missing(events, present);
  }

  private boolean isElsewhere(Hook present) {
    return !HookUrl.same(url, present.url());
  }

  private boolean isEventsDifferent(Hook present) {
    return owner.kind() != HookOwner.Kind.APP // whose events can be changed on its page only
        && !new TreeSet<>(present.events()).equals(new TreeSet<>(events));
  }
}
