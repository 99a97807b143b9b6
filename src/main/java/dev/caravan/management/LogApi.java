package dev.caravan.management;

import static dev.caravan.management.LogAnswer.answer;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.LogEngine;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.wording.Count;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the log through the management port: the questions with their answers in
 * JSON, without HTTP. A command uses it directly on a data directory that no server has open.
 *
 * <p>Safe for use by many threads. Every public method reads files or asks a database, and may
 * block; every one throws {@link RefusedException} for what cannot be answered.
 */
public final class LogApi {
  /** Deliveries on a page when the request does not say. */
  public static final int PAGE = 50;

  /** Deliveries on a page at most. */
  public static final int LARGEST_PAGE = 500;

  private static final int MOST_OF_ONE_GUID = 100;

  private final LogEngine log;
  private final DeliveryHistory history;

  public LogApi(LogEngine log) {
    this.log = log;
    this.history = log.history();
  }

  /**
   * A page of deliveries, newest first.
   *
   * @param parameters by name; those of the query, and {@code most}
   */
  public JsonObject deliveries(Map<String, String> parameters) {
    Map<String, String> query = new LinkedHashMap<>(parameters);
    String most = query.remove("most");
    int size = most == null ? PAGE : RequestValues.number("most", most, LARGEST_PAGE);
    DeliveryQuery wanted = QueryParameters.read(query);
    return answer(() -> LogJson.of(history.list(wanted, size)));
  }

  /** How many deliveries there are. */
  public JsonObject count(Map<String, String> parameters) {
    DeliveryQuery wanted = QueryParameters.read(parameters);
    return answer(() -> new JsonObject().put("count", history.count(wanted)));
  }

  /**
   * Everything that is kept for a GUID: the first delivery, and the repeats that differ from it.
   */
  public JsonObject delivery(String guid) {
    return answer(
        () ->
            new JsonObject()
                .put(
                    "deliveries",
                    new JsonArray(
                        of(guid).stream()
                            .map(
                                summary ->
                                    LogJson.of(
                                        summary,
                                        history.at(summary.position()).orElse(null),
                                        history.attemptsAt(summary.position())))
                            .toList())));
  }

  /**
   * A delivery whose body is kept.
   *
   * @param position which, when there are several of the GUID; null for the first that GitHub sent
   */
  public Delivery body(String guid, @Nullable String position) {
    return answer(
        () -> {
          for (DeliverySummary summary : of(guid)) {
            if (position == null
                ? !summary.differsFromFirst()
                : position.equals(summary.position())) {
              return history
                  .at(summary.position())
                  .orElseThrow(
                      () ->
                          new RefusedException(
                              404, "The body of delivery " + guid + " is no longer kept."));
            }
          }
          throw new RefusedException(
              404,
              position == null
                  ? "The first delivery of %s is no longer in the log. Name the position of another."
                      .formatted(guid)
                  : "Delivery " + guid + " is not at position '" + position + "'.");
        });
  }

  /**
   * Which of the given GUIDs have arrived.
   *
   * @param request with {@code guids}, at most {@link #LARGEST_PAGE} of them
   */
  public JsonObject known(JsonObject request) {
    JsonArray guids = RequestValues.value(request, "guids", JsonArray.class);
    if (guids == null || guids.size() > LARGEST_PAGE) {
      throw new RefusedException(
          400, "guids is missing or too long: a list of at most %d.".formatted(LARGEST_PAGE));
    }
    return answer(
        () -> {
          List<String> asked = new ArrayList<>();
          for (Object guid : guids) {
            asked.add(DeliveryName.parse(String.valueOf(guid)).guid());
          }
          return new JsonObject().put("known", new JsonArray(List.copyOf(history.known(asked))));
        });
  }

  /** Every subscription, running or idle. */
  public JsonObject subscriptions() {
    return answer(() -> LogJson.of(history.subscriptions()));
  }

  /** Dead letters by subscription and the kind of their errors. */
  public JsonObject deadLetters() {
    return answer(
        () ->
            new JsonObject()
                .put(
                    "groups",
                    new JsonArray(history.deadLetterGroups().stream().map(LogJson::of).toList())));
  }

  /**
   * Pauses a subscription, or resumes it.
   *
   * @param request with {@code subscription}, its name
   */
  public JsonObject pause(JsonObject request, boolean paused) {
    String name = RequestValues.subscription(request);
    return answer(
        () -> {
          if (paused) {
            log.pause(name);
          } else {
            log.resume(name);
          }
          return new JsonObject().put("subscription", name).put("paused", paused);
        });
  }

  /**
   * Makes a subscription's waiting retries run now.
   *
   * @param request with {@code subscription}, its name
   */
  public JsonObject retry(JsonObject request) {
    String name = RequestValues.subscription(request);
    return answer(
        () -> new JsonObject().put("subscription", name).put("retried", log.retryNow(name)));
  }

  /**
   * Starts a replay.
   *
   * @param request with {@code query}, an object of the same names as the parameters of a list, and
   *     optionally {@code subscription}, {@code rate} (deliveries per second, or a text such as
   *     {@code 10/h}) and {@code dryRun}
   */
  public JsonObject replay(JsonObject request) {
    Map<String, String> parameters = QueryParameters.ofReplay(request);
    Boolean dryRun = RequestValues.value(request, "dryRun", Boolean.class);
    DeliveryQuery wanted = QueryParameters.read(parameters);
    return answer(
        () ->
            LogJson.of(
                log.replay(
                    new ReplayRequest(
                        wanted,
                        RequestValues.text(request, "subscription"),
                        RequestValues.rate(request),
                        dryRun != null && dryRun),
                    QueryParameters.inWords(parameters))));
  }

  /**
   * What is to be known about deliveries on this machine's disk, or an empty text. Reads no files:
   * for the event loop too.
   */
  String spooled() {
    long refused = log.figures().spoolRefused();
    if (log.figures().isSpooling()) {
      return "deliveries are kept on this machine's disk until the log's database is back";
    }
    return refused == 0
        ? ""
        : "left on this machine's disk: %s that the log's database has refused; an error line says which and why"
            .formatted(Count.of(refused, "delivery"));
  }

  /** The processes that use the log together. */
  public JsonObject nodes() {
    return answer(
        () ->
            new JsonObject()
                .put("nodes", new JsonArray(log.nodes().stream().map(LogJson::of).toList())));
  }

  /** The replays that {@link LogEngine#replays} remembers, the newest first. */
  public JsonObject replays() {
    return answer(
        () ->
            new JsonObject()
                .put("replays", new JsonArray(log.replays().stream().map(LogJson::of).toList())));
  }

  /** How far a replay is. */
  public JsonObject progress(String id) {
    return answer(() -> LogJson.of(LogAnswer.replay(log, id)));
  }

  /** Stops a replay, and takes back what has not started to run. */
  public JsonObject cancel(String id) {
    return answer(
        () -> {
          LogAnswer.replay(log, id).replay().cancel();
          return progress(id);
        });
  }

  private List<DeliverySummary> of(String guid) {
    List<DeliverySummary> found =
        history.list(QueryParameters.read(Map.of("guid", guid)), MOST_OF_ONE_GUID).deliveries();
    if (found.isEmpty()) {
      throw new RefusedException(404, "There is no delivery " + guid + " in the log.");
    }
    return found;
  }
}
