package dev.caravan.console;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the rows of a list again when they have changed, as server-sent events. All who watch the
 * same list share one query a second, however many they are and however much arrives; without
 * watchers there is none. Used on the event loop.
 */
final class LiveDeliveries implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.console");
  private static final int MOST_WATCHERS = 50;
  private static final long INTERVAL = 1000;
  private static final String NOT_LIVE =
      LiveAnswer.sentence(
          "This list is not live: %d pages are watching already. Close some, and reload this one."
              .formatted(MOST_WATCHERS));

  /** Browsers and proxies consider a silent connection dead. */
  private static final int TICKS_BETWEEN_SIGNS_OF_LIFE = 15;

  private final Function<DeliveryFilter, String> rows;
  private final Map<String, Watched> lists = new HashMap<>();
  private int watchers;
  private long timer;

  /**
   * @param rows renders the newest rows; called on a worker thread
   */
  LiveDeliveries(Function<DeliveryFilter, String> rows) {
    this.rows = rows;
  }

  /** A list that somebody watches. */
  private static final class Watched {
    final DeliveryFilter filter;
    final List<HttpServerResponse> watchers = new ArrayList<>();
    String sent = "";
    boolean asking;
    int quiet;

    Watched(DeliveryFilter filter) {
      this.filter = filter;
    }
  }

  @Override
  public void handle(RoutingContext context) {
    DeliveryFilter filter = DeliveryFilter.of(context.queryParams());
    filter.query(); // refuses an invalid one now, not every second
    if (watchers >= MOST_WATCHERS) {
      sayNotLive(context, filter);
      return;
    }
    HttpServerResponse response = LiveAnswer.begin(context);
    response.write("retry: 2000\n\n");
    Watched list = lists.computeIfAbsent(filter.address(), address -> new Watched(filter));
    list.watchers.add(response);
    watchers++;
    long end = endWith(ConsoleAccess.of(context), context.vertx(), response);
    context.addEndHandler(
        ended -> {
          context.vertx().cancelTimer(end);
          leave(context.vertx(), list, response);
        });
    if (!list.sent.isEmpty()) {
      response.write(list.sent);
    }
    if (watchers == 1) {
      timer = context.vertx().setPeriodic(INTERVAL, tick -> lookAtAll(context.vertx()));
    }
    look(context.vertx(), list);
  }

  /** In the list, with its rows: a browser shows nothing of an answer that is an error. */
  private void sayNotLive(RoutingContext context, DeliveryFilter filter) {
    context
        .vertx()
        .executeBlocking(() -> NOT_LIVE + rows.apply(filter), false)
        .onSuccess(found -> LiveAnswer.end(context, found))
        .onFailure(context::fail);
  }

  /** The browser asks again, and learns why. */
  private static long endWith(Session session, Vertx vertx, HttpServerResponse response) {
    long left = Duration.between(Instant.now(), session.ends()).toMillis();
    return vertx.setTimer(Math.max(1, left), over -> response.end());
  }

  private void leave(Vertx vertx, Watched list, HttpServerResponse response) {
    if (list.watchers.remove(response) && --watchers == 0) {
      vertx.cancelTimer(
          timer); // else somebody who returns before it ticks would start a second one
    }
    if (list.watchers.isEmpty()) {
      lists.remove(list.filter.address(), list);
    }
  }

  private void lookAtAll(Vertx vertx) {
    List.copyOf(lists.values()).forEach(list -> look(vertx, list));
  }

  private void look(Vertx vertx, Watched list) {
    if (list.asking) {
      return; // a query may take longer than a second
    }
    list.asking = true;
    vertx
        .executeBlocking(() -> LiveAnswer.rows(rows.apply(list.filter)), false)
        .onComplete(
            found -> {
              list.asking = false;
              if (found.failed()) {
                LOG.debug(
                    "The live list cannot be read", found.cause()); // health and the log report why
              } else if (!found.result().equals(list.sent)) {
                list.sent = found.result();
                list.quiet = 0;
                send(list, list.sent);
              } else if (++list.quiet % TICKS_BETWEEN_SIGNS_OF_LIFE == 0) {
                send(list, ":\n\n");
              }
            });
  }

  private static void send(Watched list, String text) {
    for (HttpServerResponse watcher : list.watchers) {
      if (!watcher.closed() && !watcher.writeQueueFull()) { // a slow one gets the next event
        watcher.write(text);
      }
    }
  }
}
