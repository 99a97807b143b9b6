package dev.caravan.management;

import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.Topic;
import dev.caravan.log.subscription.EventFilter;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads from the parameters of a request which deliveries it is about. */
public final class QueryParameters {
  /** The names that may be given. */
  public static final Set<String> NAMES =
      Set.of(
          "event",
          "repository",
          "from",
          "to",
          "outcome",
          "subscription",
          "sender",
          "about",
          "error",
          "dead-from",
          "dead-to",
          "text",
          "guid",
          "position",
          "before",
          "after");

  private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");

  private QueryParameters() {}

  /**
   * Reads them.
   *
   * @throws RefusedException for the first that cannot be understood
   */
  public static DeliveryQuery read(Map<String, String> parameters) {
    Set<String> unknown = new TreeSet<>(parameters.keySet());
    unknown.removeAll(NAMES);
    if (!unknown.isEmpty()) {
      throw refused(
          "%s is not a parameter. Known parameters: %s."
              .formatted(unknown.iterator().next(), String.join(", ", new TreeSet<>(NAMES))));
    }
    String event = text(parameters, "event");
    try {
      return DeliveryQuery.ALL
          .of(EventFilter.parse(event == null ? "*" : event, text(parameters, "repository")))
          .received(time(parameters, "from"), time(parameters, "to"))
          .outcome(outcome(text(parameters, "outcome")), text(parameters, "subscription"))
          .sentBy(text(parameters, "sender"))
          .about(topic(text(parameters, "about")))
          .deadLettered(deadLetter(parameters))
          .containing(text(parameters, "text"))
          .named(name(text(parameters, "guid")))
          .at(text(parameters, "position"))
          .before(text(parameters, "before"))
          .after(text(parameters, "after"));
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
  }

  /**
   * The parameters by which a request for a replay says what to run again.
   *
   * @throws RefusedException when one is empty: in a list that is the same as none, but a script
   *     whose variable is empty would run more than was meant
   */
  static Map<String, String> ofReplay(JsonObject request) {
    JsonObject query = RequestValues.value(request, "query", JsonObject.class);
    Map<String, String> given = new LinkedHashMap<>();
    for (String name : query == null ? Set.<String>of() : query.fieldNames()) {
      String value = RequestValues.text(query, name);
      if (value != null) {
        given.put(name, value);
      }
    }
    if (given.values().stream().allMatch(String::isEmpty)) {
      throw refused("query is missing: which deliveries, for instance {\"event\": \"push\"}.");
    }
    given.forEach(QueryParameters::refuseEmpty);
    return given;
  }

  private static void refuseEmpty(String name, String value) {
    if (value.isEmpty()) {
      throw refused("%s is empty. Leave it out, or say which deliveries it means.".formatted(name));
    }
  }

  /** What they mean, for people: {@code event push, from 2h}. */
  public static String inWords(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Null where there is none; an empty one is the same as none. */
  private static @Nullable String text(Map<String, String> parameters, String name) {
    String value = parameters.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private static @Nullable DeliveryName name(@Nullable String text) {
    return text == null ? null : DeliveryName.parse(text);
  }

  private static @Nullable Topic topic(@Nullable String text) {
    return text == null ? null : Topic.parse(text);
  }

  private static @Nullable DeadLetterFilter deadLetter(Map<String, String> parameters) {
    Instant from = time(parameters, "dead-from");
    Instant to = time(parameters, "dead-to");
    String error = text(parameters, "error");
    return from == null && to == null && error == null
        ? null
        : new DeadLetterFilter(from, to, error);
  }

  private static Outcome outcome(@Nullable String text) {
    if (text == null) {
      return Outcome.ANY;
    }
    for (Outcome outcome : Outcome.values()) {
      if (inWords(outcome).equals(text)) {
        return outcome;
      }
    }
    throw refused(
        "outcome is '%s'. Write one of: %s."
            .formatted(
                text,
                Arrays.stream(Outcome.values())
                    .map(QueryParameters::inWords)
                    .collect(Collectors.joining(", "))));
  }

  /** As it is written: {@code dead-letter}. */
  static String inWords(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A time, or how long ago. */
  private static @Nullable Instant time(Map<String, String> parameters, String name) {
    String text = text(parameters, name);
    if (text == null) {
      return null;
    }
    Matcher age = AGE.matcher(text);
    if (age.matches()) {
      long number = Long.parseLong(age.group(1));
      return Instant.now()
          .minus(
              switch (age.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
              });
    }
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw refused(
          "%s is '%s', which is not a time. Write 2026-01-31T08:00:00Z, 2026-01-31 for its first moment in UTC, or 2h for two hours ago (s, m, h, d)."
              .formatted(name, text));
    }
  }

  private static RefusedException refused(String sentence) {
    return new RefusedException(400, sentence);
  }
}
