package dev.caravan.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a payload of an event must look like. The header that names the event is not signed:
 * somebody who has seen a signed payload could send it again as another event.
 *
 * <p>The resource says which marks each event has, and how they are written.
 */
final class EventMarks {
  private static final String RESOURCE = "/dev/caravan/delivery/event-marks.properties";
  private static final String SHARED = "*";
  private static final String SENDER = "sender";
  private static final String OR_NULL = "?";

  private static final Comparator<EventRule> CLOSEST_FIRST =
      Comparator.comparing((EventRule rule) -> -rule.marks().size())
          .thenComparing(EventRule::event);

  /** The marks that follow from GitHub's schema of webhooks. */
  static final EventMarks GITHUB = read();

  private final Set<String> fields = new HashSet<>();
  private final Set<String> marks = new HashSet<>();
  private final Set<String> nullable = new HashSet<>();
  private final Map<String, EventRule> rules = new HashMap<>();

  /** For each event, those that have its marks, and perhaps more; those with most of them first. */
  private final Map<String, List<EventRule>> rivals = new HashMap<>();

  private EventMarks(Properties lines) {
    Set<String> shared = Set.of(words(lines, SHARED));
    lines.remove(SHARED);
    fields.addAll(shared);
    for (String event : lines.stringPropertyNames()) {
      rules.put(event, rule(event, words(lines, event), shared));
    }
    for (EventRule rule : rules.values()) {
      fields.addAll(rule.present());
      fields.addAll(rule.absent());
      marks.addAll(rule.marks());
      List<EventRule> others =
          rules.values().stream()
              .filter(other -> !other.equals(rule) && other.hasTheMarksOf(rule))
              .sorted(CLOSEST_FIRST)
              .toList();
      rivals.put(rule.event(), others);
    }
  }

  /** The fields that say something about the event, as the resource names them. */
  Set<String> fields() {
    return fields;
  }

  /** Whether a field with this value says something about the event. */
  boolean isMark(String field, boolean isNull) {
    return (isNull ? nullable : fields).contains(field);
  }

  /**
   * What in a payload speaks against its event; null when nothing does. Nothing does when the event
   * is not known, or the action: GitHub adds both. Nor when the payload is not one of GitHub's,
   * which nobody can have seen signed: it has neither a mark of any event nor a sender. So people
   * who try something out can send whatever comes to mind.
   *
   * @param found the marks that it has
   */
  @Nullable String objection(String event, Set<String> found, @Nullable String action) {
    EventRule rule = rules.get(event);
    return rule == null || isHandmade(found) ? null : objection(rule, found, action);
  }

  private boolean isHandmade(Set<String> found) {
    return !found.contains(SENDER) && Collections.disjoint(marks, found);
  }

  private @Nullable String objection(EventRule rule, Set<String> found, @Nullable String action) {
    String contradiction = rule.contradiction(found);
    if (contradiction != null) {
      return contradiction;
    }
    boolean isKnown = rule.lists(action);
    for (EventRule rival : Objects.requireNonNull(rivals.get(rule.event()))) {
      if (rival.fits(found, action) && !(isKnown && rule.hasTheMarksOf(rival))) {
        return "it is one of the event " + rival.event();
      }
    }
    return isKnown || action != null ? null : "it has no action";
  }

  private EventRule rule(String event, String[] words, Set<String> shared) {
    for (int index = 0; index < words.length; index++) {
      if (words[index].endsWith(OR_NULL)) {
        words[index] = words[index].substring(0, words[index].length() - OR_NULL.length());
        nullable.add(words[index]);
      }
    }
    return EventRule.of(event, words, shared);
  }

  private static String[] words(Properties lines, String key) {
    return Objects.requireNonNull(lines.getProperty(key), RESOURCE).strip().split("\\s+", -1);
  }

  private static EventMarks read() {
    Properties lines = new Properties();
    try (InputStream stream = EventMarks.class.getResourceAsStream(RESOURCE)) {
      lines.load(Objects.requireNonNull(stream, RESOURCE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new EventMarks(lines);
  }
}
