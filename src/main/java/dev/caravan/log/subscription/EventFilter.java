package dev.caravan.log.subscription;

import dev.caravan.delivery.Delivery;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries a subscription wants, by event, action and repository.
 *
 * <p>Immutable. Events and repositories can be asked for separately: an engine may choose
 * deliveries by an index of events before it looks at repositories.
 */
public final class EventFilter {
  private static final String ANY = "*";
  private static final Pattern REPOSITORY = Pattern.compile("[\\w.*?-]+(/[\\w.*?-]+)?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}(\\..{1,256})?");

  private final List<String> events;
  private final @Nullable String repository;
  private final @Nullable NamePatterns repositories;

  private EventFilter(List<String> events, @Nullable String repository) {
    this.events = events;
    this.repository = repository;
    this.repositories =
        repository == null
            ? null
            : NamePatterns.parse("repository", repository, EventFilter::repositoryPattern);
  }

  /**
   * Reads what follows {@code github-webhook:} and the {@code repository} option.
   *
   * @param events {@code *}, or a comma-separated list of names such as {@code push} and {@code
   *     pull_request.opened}
   * @param repository patterns over {@code owner/name} without regard to case, separated by commas,
   *     such as {@code acme/*}, {@code acme} for the same, or {@code !acme/noisy} to exclude; null
   *     for every delivery, those without a repository included
   * @throws IllegalArgumentException with a sentence that names the part that cannot be read
   */
  public static EventFilter parse(String events, @Nullable String repository) {
    List<String> names = Arrays.stream(events.split(",")).map(String::strip).toList();
    for (String name : names) {
      if (!name.equals(ANY) && !NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "'%s' is not an event. Write * for every event, or names such as push or pull_request.opened, separated by commas."
                .formatted(name));
      }
    }
    return new EventFilter(names, repository);
  }

  /** The events asked for: {@code *}, {@code event} or {@code event.action}. */
  public List<String> events() {
    return events;
  }

  /** The repository patterns as they were written, or null when every repository is wanted. */
  public @Nullable String repository() {
    return repository;
  }

  /** Whether deliveries of this event and action are wanted, whatever their repository. */
  public boolean wants(String event, @Nullable String action) {
    for (String wanted : events) {
      if (wanted.equals(ANY)
          || wanted.equals(event)
          || (action != null
              && wanted.length() == event.length() + 1 + action.length()
              && wanted.startsWith(event)
              && wanted.charAt(event.length()) == '.'
              && wanted.endsWith(action))) {
        return true;
      }
    }
    return false;
  }

  public boolean wants(Delivery delivery) {
    Delivery.Subject subject = delivery.subject();
    return wants(delivery.event(), subject.action(), subject.repository());
  }

  /** Whether a delivery of this event, action and repository is wanted. */
  public boolean wants(String event, @Nullable String action, @Nullable String repository) {
    return wants(event, action) && wantsRepository(repository);
  }

  /** Whether deliveries of this repository are wanted, whatever their event. */
  public boolean wantsRepository(@Nullable String name) {
    return repositories == null
        || (name == null
            ? repositories.wantNameless()
            : repositories.want(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public String toString() {
    return String.join(",", events) + (repository == null ? "" : " of " + repository);
  }

  /** As {@code owner/name} in lower case; an owner alone stands for all its repositories. */
  private static String repositoryPattern(String written) {
    if (!REPOSITORY.matcher(written).matches()) {
      throw new IllegalArgumentException(
          ("repository has '%s', which no repository can match. Write owner/name or owner, separated"
                  + " by commas, such as acme/rocket,acme/web-*,globex,!acme/noisy.")
              .formatted(written));
    }
    String pattern = written.toLowerCase(Locale.ROOT);
    return pattern.contains("/") ? pattern : pattern + "/*";
  }
}
