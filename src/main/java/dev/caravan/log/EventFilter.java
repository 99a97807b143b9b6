package dev.caravan.log;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries a subscription wants, by event, action and repository.
 *
 * <p>Immutable. The event part is answered for an event and an action alone, so that an engine can
 * choose deliveries by an index before it looks at repositories.
 */
public final class EventFilter {
  private static final String ANY = "*";
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}(\\..{1,256})?");

  private final List<String> events;
  private final @Nullable String repository;
  private final @Nullable Pattern repositoryPattern;

  private EventFilter(List<String> events, @Nullable String repository) {
    this.events = events;
    this.repository = repository;
    this.repositoryPattern = repository == null ? null : glob(repository);
  }

  /**
   * Reads what follows {@code github-webhook:} and the {@code repository} option.
   *
   * @param events {@code *}, or a comma list of names such as {@code push} and {@code
   *     pull_request.opened}
   * @param repository a glob over {@code owner/name} such as {@code acme/*}, without regard to
   *     case; null for every delivery, those without a repository included
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

  /** The glob over repositories, or null where every repository is wanted. */
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

  /** Whether a delivery of this event, action and repository is wanted. */
  public boolean wants(String event, @Nullable String action, @Nullable String repository) {
    return wants(event, action) && wantsRepository(repository);
  }

  /** Whether deliveries of this repository are wanted, whatever their event. */
  public boolean wantsRepository(@Nullable String name) {
    return repositoryPattern == null
        || (name != null && repositoryPattern.matcher(name.toLowerCase(Locale.ROOT)).matches());
  }

  @Override
  public String toString() {
    return String.join(",", events) + (repository == null ? "" : " of " + repository);
  }

  private static Pattern glob(String glob) {
    return Pattern.compile(
        glob.toLowerCase(Locale.ROOT)
            .chars()
            .mapToObj(
                character ->
                    switch (character) {
                      case '*' -> "[^/]*";
                      case '?' -> "[^/]";
                      default -> Pattern.quote(Character.toString(character));
                    })
            .collect(Collectors.joining()));
  }
}
