package dev.caravan.webhook.filter;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.KnownEvents;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.NamePatterns;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the options {@code branch} and {@code paths} let through. The log does not look into
 * payloads, so the consumer asks, and what is not wanted is finished without a run.
 */
public final class PayloadFilter {
  /** What git does not allow in a branch's name, and a leading or trailing slash. */
  private static final Pattern NO_BRANCH =
      Pattern.compile(".*([\\s~^:\\\\\\[]|\\.\\.|@\\{|//|\\p{Cntrl}).*|/.*|.*/|.*\\.lock|refs/.*");

  private static final Pattern NO_PATH = Pattern.compile("\\.{0,2}/.*|.*(\\\\|//).*");

  private final @Nullable NamePatterns branches;
  private final @Nullable NamePatterns files;

  private PayloadFilter(@Nullable NamePatterns branches, @Nullable NamePatterns files) {
    this.branches = branches;
    this.files = files;
  }

  /**
   * Reads both options; null for one that is not set.
   *
   * @throws IllegalArgumentException with a sentence that says what can never match
   */
  public static PayloadFilter parse(
      @Nullable String branch, @Nullable String paths, EventFilter events) {
    if (branch != null) {
      refuseEvents(events, "branch", "names no branch", Branches::areNamedBy);
    }
    if (paths != null) {
      refuseEvents(events, "paths", "names no files", "push"::equals);
    }
    return new PayloadFilter(
        branch == null ? null : NamePatterns.parse("branch", branch, PayloadFilter::branch),
        paths == null ? null : NamePatterns.parse("paths", paths, PayloadFilter::path));
  }

  /**
   * Whether the route wants a delivery.
   *
   * @throws IllegalArgumentException when its payload is not a JSON object
   */
  public boolean wants(Delivery delivery) {
    return obstacle(delivery) == null;
  }

  /** The option that keeps it away; null when it is wanted. Throws what {@link #wants} does. */
  public @Nullable String obstacle(Delivery delivery) {
    if (branches != null && !wantsBranch(branches, Branches.of(delivery))) {
      return "branch";
    }
    return files != null && !wantsFiles(files, delivery) ? "paths" : null;
  }

  private static boolean wantsBranch(NamePatterns patterns, List<String> branches) {
    return branches.isEmpty()
        ? patterns.wantNameless()
        : branches.stream().anyMatch(patterns::want);
  }

  private static boolean wantsFiles(NamePatterns patterns, Delivery delivery) {
    if (!delivery.event().equals("push")) {
      return patterns.wantNameless();
    }
    List<String> changed = ChangedFiles.of(delivery);
    return changed == null || changed.stream().anyMatch(patterns::want);
  }

  /** Refuses an event that is asked for by name although the option would always keep it away. */
  private static void refuseEvents(
      EventFilter events, String option, String lack, Predicate<String> has) {
    for (String event : events.events()) {
      String name = event.split("\\.", 2)[0];
      if (KnownEvents.contain(name) && !has.test(name)) {
        throw new IllegalArgumentException(
            "%s is set, and the payload of %s %s. Ask for %s in a route of its own."
                .formatted(option, name, lack, name));
      }
    }
  }

  private static String branch(String pattern) {
    if (NO_BRANCH.matcher(pattern).matches()) {
      throw new IllegalArgumentException(
          ("branch has '%s', which no branch can match. Write names or patterns, separated by commas,"
                  + " such as main,release/*,!release/old.")
              .formatted(pattern));
    }
    return pattern;
  }

  /** A directory stands for everything in it. */
  private static String path(String pattern) {
    if (NO_PATH.matcher(pattern).matches()) {
      throw new IllegalArgumentException(
          ("paths has '%s', which no file can match. Write paths from the top of the repository,"
                  + " separated by commas, such as src/**,*.md,!docs/.")
              .formatted(pattern));
    }
    return pattern.endsWith("/") ? pattern + "**" : pattern;
  }
}
