package dev.caravan.cli;

import dev.caravan.management.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A delivery log for commands: a running server's, or that of a data directory. The answers are
 * those of {@link dev.caravan.management.LogApi}; a refusal is a {@link RefusedException}.
 */
interface LogAccess extends AutoCloseable {
  /** Whether a server runs on it: then new deliveries may arrive, and what is due runs. */
  boolean isRunning();

  JsonObject deliveries(Map<String, String> parameters);

  JsonObject count(Map<String, String> parameters);

  JsonObject delivery(String guid);

  /**
   * The body as it arrived.
   *
   * @param position which one, if several have the GUID; null for the first
   */
  byte[] body(String guid, @Nullable String position);

  /** The payload: the body, or what a form carries. */
  byte[] payload(String guid, @Nullable String position);

  JsonObject subscriptions();

  JsonObject pause(String subscription, boolean paused);

  JsonObject retry(String subscription);

  JsonObject replay(JsonObject request);

  JsonObject progress(String replay);

  @Override
  void close();
}
