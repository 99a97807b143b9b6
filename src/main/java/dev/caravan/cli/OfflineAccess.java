package dev.caravan.cli;

import dev.caravan.management.LogApi;
import dev.caravan.server.OfflineLog;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The log of a data directory on which no server runs. */
final class OfflineAccess implements LogAccess {
  private final OfflineLog log;
  private final LogApi api;

  OfflineAccess(OfflineLog log) {
    this.log = log;
    this.api = log.api();
  }

  @Override
  public boolean isRunning() {
    return false;
  }

  @Override
  public JsonObject deliveries(Map<String, String> parameters) {
    return api.deliveries(parameters);
  }

  @Override
  public JsonObject count(Map<String, String> parameters) {
    return api.count(parameters);
  }

  @Override
  public JsonObject delivery(String guid) {
    return api.delivery(guid);
  }

  @Override
  public byte[] body(String guid, @Nullable String position) {
    return api.body(guid, position).body();
  }

  @Override
  public byte[] payload(String guid, @Nullable String position) {
    return api.body(guid, position).payload();
  }

  @Override
  public JsonObject subscriptions() {
    return api.subscriptions();
  }

  @Override
  public JsonObject pause(String subscription, boolean paused) {
    return api.pause(new JsonObject().put("subscription", subscription), paused);
  }

  @Override
  public JsonObject retry(String subscription) {
    return api.retry(new JsonObject().put("subscription", subscription));
  }

  @Override
  public JsonObject replay(JsonObject request) {
    return api.replay(request);
  }

  @Override
  public JsonObject progress(String replay) {
    return api.progress(replay);
  }

  @Override
  public void close() {
    log.close();
  }
}
