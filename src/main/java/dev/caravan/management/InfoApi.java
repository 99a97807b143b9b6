package dev.caravan.management;

import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.config.Versions;
import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.context.RunningRoute;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what runs here, since when and with which settings; nothing in it is secret. Safe for use by
 * many threads.
 */
public final class InfoApi {
  private final Versions versions;
  private final Settings settings;
  private final Supplier<@Nullable RouteFiles> files;
  private final Instant startedAt = Instant.now();

  /**
   * @param settings those of the start
   * @param files gives null as long as no routes are loaded
   */
  public InfoApi(Versions versions, Settings settings, Supplier<@Nullable RouteFiles> files) {
    this.versions = versions;
    this.settings = settings;
    this.files = files;
  }

  JsonObject info() {
    RouteFiles loaded = files.get();
    List<RunningRoute> routes = loaded == null ? List.of() : loaded.routes();
    JsonObject shown = new JsonObject();
    SettingSources.shown(settings).forEach(shown::put);
    return new JsonObject()
        .put("program", "caravan")
        .put("version", versions.caravan())
        .put("camel", versions.camel())
        .put("java", versions.java())
        .put("startedAt", startedAt.toString())
        .put("routes", routes.size())
        .put("subscriptions", routes.stream().filter(route -> route.subscription() != null).count())
        .put("settings", shown);
  }
}
