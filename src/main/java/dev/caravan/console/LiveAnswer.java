package dev.caravan.console;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** The server-sent events of a live list. */
final class LiveAnswer {
  /** What a browser accepts that asks for them. */
  static final String TYPE = "text/event-stream";

  private LiveAnswer() {}

  /** An answer to which events can be written. */
  static HttpServerResponse begin(RoutingContext context) {
    return context
        .response()
        .setChunked(true)
        .putHeader("Content-Type", TYPE)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
  }

  /** The event that puts these rows into the list: each line of the data is on one of its own. */
  static String rows(String html) {
    StringBuilder text = new StringBuilder("event: rows\n");
    html.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
    return text.append('\n').toString();
  }

  /** Puts that in place of the rows, and ends the browser's attempts to get more. */
  static void sayLoggedOut(RoutingContext context) {
    String list = "/" + DeliveryFilter.of(context.queryParams()).address();
    end(
        context,
        sentence(
            "You are no longer logged in. <a href=\"/login?to=%s\">Log in</a>"
                .formatted(Format.encoded(list))));
  }

  /** A row that says something. */
  static String sentence(String html) {
    return "<tr><td colspan=\"8\">" + html + "</td></tr>\n";
  }

  /** Puts these rows into the list, and ends the browser's attempts to get more. */
  static void end(RoutingContext context, String html) {
    begin(context).end(rows(html) + "event: over\ndata: over\n\n");
  }
}
