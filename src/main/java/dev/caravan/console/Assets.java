package dev.caravan.console;

import dev.caravan.management.RefusedException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The scripts and styles of the pages, all from the jar. */
final class Assets implements Handler<RoutingContext> {
  private static final String OURS = "/dev/caravan/console/";
  private static final String LIBRARIES = "/META-INF/resources/webjars/";

  /** The only files there are: no path of a request reaches into the jar. */
  private static final Map<String, String> FILES =
      Map.of(
          "console.css", OURS + "console.css",
          "console.js", OURS + "console.js",
          "tree.js", OURS + "tree.js",
          "charts.js", OURS + "charts.js",
          "icon.svg", OURS + "icon.svg",
          "htmx.js", LIBRARIES + "htmx.org/2.0.4/dist/htmx.min.js",
          "htmx-sse.js", LIBRARIES + "htmx-ext-sse/2.2.2/sse.js",
          "uplot.js", LIBRARIES + "uplot/1.6.30/dist/uPlot.iife.min.js",
          "uplot.css", LIBRARIES + "uplot/1.6.30/dist/uPlot.min.css");

  private final Map<String, Buffer> read = new ConcurrentHashMap<>();

  @Override
  public void handle(RoutingContext context) {
    String name = context.pathParam("name");
    String path = FILES.get(name);
    if (path == null) {
      throw new RefusedException(404, "There is nothing at this path.");
    }
    context
        .response()
        .putHeader("Content-Type", contentType(name))
        // Not longer: after an upgrade, other files have the same names.
        .putHeader("Cache-Control", "max-age=300")
        .end(read.computeIfAbsent(path, Assets::bytes));
  }

  private static String contentType(String name) {
    return switch (name.substring(name.lastIndexOf('.'))) {
      case ".css" -> "text/css; charset=utf-8";
      case ".svg" -> "image/svg+xml";
      default -> "text/javascript; charset=utf-8";
    };
  }

  private static Buffer bytes(String path) {
    try (@Nullable InputStream file = Assets.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalStateException("The jar lacks " + path);
      }
      return Buffer.buffer(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
