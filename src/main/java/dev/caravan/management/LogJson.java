package dev.caravan.management;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogNode;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.history.DeadLetterGroup;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.log.history.SubscriptionOutcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the log says, as JSON. Times are ISO-8601 in UTC, durations milliseconds. */
final class LogJson {
  private LogJson() {}

  static JsonObject of(DeliveryPage page) {
    return new JsonObject()
        .put("deliveries", array(page.deliveries(), LogJson::of))
        .put("next", page.next())
        .put("end", page.end());
  }

  static JsonObject of(DeliverySummary delivery) {
    return new JsonObject()
        .put("position", delivery.position())
        .put("guid", delivery.guid())
        .put("name", delivery.name().toString())
        .put("hook", delivery.hook())
        .put("event", delivery.event())
        .put("action", delivery.action())
        .put("repository", delivery.repository())
        .put("sender", delivery.sender())
        .put("thread", delivery.thread())
        .put("receivedAt", text(delivery.receivedAt()))
        .put("bytes", delivery.payloadLength())
        .put("repeats", delivery.repeats())
        .put("differsFromFirst", delivery.differsFromFirst())
        .put("outcomes", array(delivery.outcomes(), LogJson::of));
  }

  /**
   * A delivery with everything that is small; its payload is fetched separately, since it may be
   * large.
   *
   * @param body null when it is no longer kept
   */
  static JsonObject of(
      DeliverySummary summary, @Nullable Delivery body, List<AttemptRecord> attempts) {
    JsonObject headers = new JsonObject();
    if (body != null) {
      body.headers().forEach(headers::put);
    }
    return of(summary)
        .put("kept", body != null)
        .put("headers", headers)
        .put("attempts", array(attempts, LogJson::of));
  }

  static JsonObject of(List<KnownSubscription> subscriptions) {
    return new JsonObject().put("subscriptions", array(subscriptions, LogJson::of));
  }

  static JsonObject of(KnownReplay started) {
    ReplayProgress progress = started.replay().progress();
    return new JsonObject()
        .put("id", started.id())
        .put("what", started.what())
        .put("subscription", started.subscription())
        .put("startedAt", text(started.startedAt()))
        .put("state", QueryParameters.inWords(progress.state()))
        .put("dryRun", progress.dryRun())
        .put("matched", progress.matched())
        .put("scheduled", new JsonObject(new TreeMap<>(progress.scheduled())))
        .put("alreadyWaiting", progress.alreadyWaiting())
        .put("notWanted", progress.notWanted())
        .put("notKept", progress.notKept())
        .put("takenBack", progress.takenBack())
        .put("lastDueAt", text(progress.lastDueAt()))
        .put("error", progress.error());
  }

  static JsonObject of(LogNode node) {
    return new JsonObject()
        .put("name", node.name())
        .put("this", node.isThis())
        .put("since", text(node.since()))
        .put("shards", node.shards())
        .put("version", node.says().get(LogNode.VERSION))
        .put("routes", node.says().get(LogNode.ROUTES))
        .put("secrets", node.says().get(LogNode.SECRETS))
        .put("settings", node.says().get(LogNode.SETTINGS))
        .put("trouble", node.says().getOrDefault(LogNode.TROUBLE, ""))
        .put("spooled", node.says().getOrDefault(LogNode.SPOOLED, ""))
        .put("differs", new JsonArray(List.copyOf(new TreeSet<>(node.differing()))));
  }

  private static JsonObject of(KnownSubscription subscription) {
    return new JsonObject()
        .put("name", subscription.name())
        .put("running", subscription.running())
        .put("events", new JsonArray(subscription.events()))
        .put("repository", subscription.repository())
        .mergeIn(progress(subscription));
  }

  /** The progress of a subscription, and its last error. */
  static JsonObject progress(KnownSubscription subscription) {
    return new JsonObject()
        .put("paused", subscription.paused())
        .put("inWork", subscription.inWork())
        .put("lag", subscription.lag())
        .put("oldestWaiting", text(subscription.oldestWaiting()))
        .put("due", subscription.due())
        .put("nextDueAt", text(subscription.nextDueAt()))
        .put("deadLetters", subscription.deadLetters())
        .put("lastError", subscription.lastError())
        .put("lastErrorAt", text(subscription.lastErrorAt()));
  }

  static JsonObject of(DeadLetterGroup group) {
    return new JsonObject()
        .put("subscription", group.subscription())
        .put("error", group.error())
        .put("example", group.example())
        .put("count", group.count())
        .put("oldest", text(group.oldest()))
        .put("newest", text(group.newest()));
  }

  private static JsonObject of(SubscriptionOutcome outcome) {
    return new JsonObject()
        .put("subscription", outcome.subscription())
        .put("state", QueryParameters.inWords(outcome.state()))
        .put("attempts", outcome.attempts())
        .put("at", text(outcome.at()))
        .put("error", outcome.error());
  }

  private static JsonObject of(AttemptRecord attempt) {
    return new JsonObject()
        .put("subscription", attempt.subscription())
        .put("number", attempt.number())
        .put("startedAt", text(attempt.startedAt()))
        .put("took", attempt.took().toMillis())
        .put("error", attempt.error());
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonObject> json) {
    return new JsonArray(values.stream().map(json).toList());
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
