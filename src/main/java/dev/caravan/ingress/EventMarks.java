package dev.caravan.ingress;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * What a payload must look like to be of its event. The header that names the event is not signed:
 * who has seen a signed payload could send it again as another event.
 *
 * <p>Each mark is a bit, so that a payload's marks are one number and a check costs nothing.
 */
final class EventMarks {
  private static final String RESOURCE = "/dev/caravan/ingress/event-marks.properties";
  private static final String ANY_EVENT = "*";

  /** The marks that GitHub's schema of webhooks tells of. */
  static final EventMarks GITHUB = read();

  private final Map<String, Long> bits = new HashMap<>();
  private final Map<String, Rule> rules = new HashMap<>();

  private record Rule(long always, long possible) {}

  private EventMarks(Properties lines) {
    long weak = marks(lines.getProperty(ANY_EVENT));
    for (String event : lines.stringPropertyNames()) {
      String[] parts = lines.getProperty(event).split("\\|", 2);
      long always = marks(parts[0]);
      long possible = always | (parts.length > 1 ? marks(parts[1]) : 0);
      rules.put(event, new Rule(always, always == 0 ? possible | weak : possible));
    }
    rules.remove(ANY_EVENT);
  }

  /** The bit of a field of a payload's top level; 0 for one that is no mark. */
  long bit(String field) {
    Long bit = bits.get(field);
    return bit == null ? 0 : bit;
  }

  /**
   * Whether a payload with these marks is certainly of another event. Never for an event that is
   * not known: GitHub adds events.
   */
  boolean contradict(String event, long marks) {
    Rule rule = rules.get(event);
    return rule != null
        && (marks & ~rule.possible()) != 0
        && (rule.always() == 0 || (marks & rule.always()) != rule.always());
  }

  private long marks(String fields) {
    long marks = 0;
    for (String field : fields.strip().split("\\s+", -1)) {
      if (!field.isEmpty()) {
        marks |= bits.computeIfAbsent(field, any -> newBit());
      }
    }
    return marks;
  }

  private long newBit() {
    if (bits.size() == Long.SIZE) {
      throw new IllegalStateException(RESOURCE + " has more than 64 marks");
    }
    return 1L << bits.size();
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
