package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.management.BackupApi;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A running server's log, through its management port. */
final class ServerAccess implements LogAccess {
  private static final Duration COUNTING = Duration.ofHours(1);

  private final ServerConnection server;

  ServerAccess(ServerConnection server) {
    this.server = server;
  }

  @Override
  public boolean isRunning() {
    return true;
  }

  @Override
  public JsonObject deliveries(Map<String, String> parameters) {
    return server.get("/api/deliveries?" + encoded(parameters));
  }

  @Override
  public JsonObject count(Map<String, String> parameters) {
    return server.get("/api/delivery-count?" + encoded(parameters), COUNTING);
  }

  @Override
  public JsonObject delivery(String guid) {
    return server.get("/api/deliveries/" + encoded(guid));
  }

  @Override
  public byte[] body(String guid, @Nullable String position) {
    return bytes(guid, "body", position);
  }

  @Override
  public byte[] payload(String guid, @Nullable String position) {
    return bytes(guid, "payload", position);
  }

  @Override
  public JsonObject subscriptions() {
    return server.get("/api/subscriptions");
  }

  @Override
  public JsonObject pause(String subscription, boolean paused) {
    return server.post(
        "/api/subscriptions/" + (paused ? "pause" : "resume"),
        new JsonObject().put("subscription", subscription));
  }

  @Override
  public JsonObject retry(String subscription) {
    return server.post(
        "/api/subscriptions/retry", new JsonObject().put("subscription", subscription));
  }

  @Override
  public JsonObject replay(JsonObject request) {
    return server.post("/api/replays", request);
  }

  @Override
  public JsonObject progress(String replay) {
    return server.get("/api/replays/" + encoded(replay));
  }

  /** The processes that use the log together. */
  JsonObject nodes() {
    return server.get("/api/nodes");
  }

  /** The replays that are remembered, the newest first. */
  JsonObject replays() {
    return server.get("/api/replays");
  }

  /** Cancels a replay; returns its state afterwards. */
  JsonObject cancel(String replay) {
    return server.post("/api/replays/" + encoded(replay) + "/cancel", new JsonObject());
  }

  /** The secrets, as {@link dev.caravan.management.SecretApi} lists them. */
  JsonObject secrets() {
    return server.get("/api/secrets");
  }

  /**
   * Asks the server to make way for a program that waits in its data directory.
   *
   * @param address where that program will listen
   */
  void takeOver(String address) {
    server.post("/api/take-over?address=" + encoded(address), new JsonObject());
  }

  /** Which of these GUIDs have arrived. */
  JsonObject known(JsonArray guids) {
    return server.post("/api/known-deliveries", new JsonObject().put("guids", guids));
  }

  /** The routes and their files. */
  JsonObject routes() {
    return server.get("/api/routes");
  }

  /** An address that opens the console, once. */
  URI consoleLink() {
    return server.resolve(server.post("/api/console-links", new JsonObject()).getString("path"));
  }

  /** The newest refused requests. */
  JsonObject refused() {
    return server.get("/api/refused");
  }

  /** Verifies refused requests again. */
  JsonObject verifyRefused() {
    return server.post("/api/refused/verify", new JsonObject());
  }

  @Override
  public void close() {
    // Java 17's client has nothing to close
  }

  /** A copy of its log, sent as it is made. */
  RunningBackup backup(long bytesPerSecond) {
    HttpResponse<InputStream> answer =
        server.stream("/api/log/backup", new JsonObject().put("rate", bytesPerSecond));
    return new RunningBackup(
        answer.body(), answer.headers().firstValueAsLong(BackupApi.SIZE).orElse(0));
  }

  private byte[] bytes(String guid, String part, @Nullable String position) {
    String query = position == null ? "" : "?position=" + encoded(position);
    return server.bytes("/api/deliveries/" + encoded(guid) + "/" + part + query);
  }

  private static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
