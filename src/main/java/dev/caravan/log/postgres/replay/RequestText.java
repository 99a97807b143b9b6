package dev.caravan.log.postgres.replay;

import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.history.DeadLetterFilter;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.Topic;
import dev.caravan.log.subscription.EventFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A replay's request as it is stored: alternating names and values of the parts that are set. */
final class RequestText {
  private final List<String> texts = new ArrayList<>();

  private RequestText() {}

  static List<String> encode(ReplayRequest request) {
    DeliveryQuery query = request.query();
    RequestText to = new RequestText();
    to.put("events", String.join(",", query.filter().events()));
    to.put("repository", query.filter().repository());
    to.put("from", query.from());
    to.put("to", query.to());
    to.put("outcome", query.outcome());
    to.put("of", query.subscription());
    to.put("sender", query.sender());
    Topic topic = query.topic();
    if (topic != null) {
      to.put("number", topic.number());
      to.put("commit", topic.commit());
      to.put("ref", topic.ref());
      to.put("topic", "");
    }
    DeadLetterFilter dead = query.deadLetter();
    if (dead != null) {
      to.put("dead-from", dead.from());
      to.put("dead-to", dead.to());
      to.put("error", dead.error());
      to.put("dead", "");
    }
    to.put("text", query.text());
    to.put("name", query.name());
    to.put("position", query.position());
    to.put("before", query.before());
    to.put("after", query.after());
    to.put("subscription", request.subscription());
    to.put("per-second", request.perSecond());
    to.put("dry-run", request.dryRun());
    return to.texts;
  }

  private void put(String name, @Nullable Object value) {
    if (value != null) {
      texts.add(name);
      texts.add(value.toString());
    }
  }

  static ReplayRequest decode(List<String> texts) {
    Map<String, String> of = new HashMap<>();
    for (int index = 0; index < texts.size(); index += 2) {
      of.put(texts.get(index), texts.get(index + 1));
    }
    String number = of.get("number");
    String name = of.get("name");
    DeliveryQuery query =
        DeliveryQuery.ALL
            .of(EventFilter.parse(Objects.requireNonNull(of.get("events")), of.get("repository")))
            .received(time(of.get("from")), time(of.get("to")))
            .outcome(Outcome.valueOf(of.get("outcome")), of.get("of"))
            .sentBy(of.get("sender"))
            .about(
                of.containsKey("topic")
                    ? new Topic(
                        number == null ? null : Long.valueOf(number),
                        of.get("commit"),
                        of.get("ref"))
                    : null)
            .deadLettered(
                of.containsKey("dead")
                    ? new DeadLetterFilter(
                        time(of.get("dead-from")), time(of.get("dead-to")), of.get("error"))
                    : null)
            .containing(of.get("text"))
            .named(name == null ? null : DeliveryName.parse(name))
            .at(of.get("position"))
            .before(of.get("before"))
            .after(of.get("after"));
    return new ReplayRequest(
        query,
        of.get("subscription"),
        Double.parseDouble(Objects.requireNonNull(of.get("per-second"))),
        Boolean.parseBoolean(of.get("dry-run")));
  }

  private static @Nullable Instant time(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }
}
