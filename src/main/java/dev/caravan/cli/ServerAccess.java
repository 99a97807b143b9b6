package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.management.RefusedException;
import dev.caravan.management.TokenProof;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A running server's log, through its management port. */
final class ServerAccess implements LogAccess {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration COUNTING = Duration.ofHours(1);

  private final URI server;
  private final ManagementToken token;
  private final HttpClient client;

  /**
   * Asks whether it is the server of this token that answers there, and whether it takes it.
   *
   * @param trust whose certificates are trusted, for a server with TLS; null for one without
   * @throws CommandFailedException with a sentence that says why it cannot be asked
   */
  ServerAccess(URI server, ManagementToken token, @Nullable SSLContext trust) {
    this.server = server;
    this.token = token;
    this.client = client(trust);
    try {
      if (trust == null && token.isKnown()) { // else its certificate has proven who it is
        proveServer();
      }
      if ("caravan".equals(get("/api", TIMEOUT).getValue("program"))) {
        return;
      }
    } catch (RefusedException e) {
      throw new CommandFailedException(e.getMessage());
    }
    throw new CommandFailedException("What answers at " + server + " is not Caravan.");
  }

  @Override
  public boolean isRunning() {
    return true;
  }

  @Override
  public JsonObject deliveries(Map<String, String> parameters) {
    return get("/api/deliveries?" + encoded(parameters), TIMEOUT);
  }

  @Override
  public JsonObject count(Map<String, String> parameters) {
    return get("/api/delivery-count?" + encoded(parameters), COUNTING);
  }

  @Override
  public JsonObject delivery(String guid) {
    return get("/api/deliveries/" + encoded(guid), TIMEOUT);
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
    return get("/api/subscriptions", TIMEOUT);
  }

  @Override
  public JsonObject pause(String subscription, boolean paused) {
    return post(
        "/api/subscriptions/" + (paused ? "pause" : "resume"),
        new JsonObject().put("subscription", subscription));
  }

  @Override
  public JsonObject retry(String subscription) {
    return post("/api/subscriptions/retry", new JsonObject().put("subscription", subscription));
  }

  @Override
  public JsonObject replay(JsonObject request) {
    return post("/api/replays", request);
  }

  @Override
  public JsonObject progress(String replay) {
    return get("/api/replays/" + encoded(replay), TIMEOUT);
  }

  /** The processes that use the log together. */
  JsonObject nodes() {
    return get("/api/nodes", TIMEOUT);
  }

  /** The replays since the server started, the newest first. */
  JsonObject replays() {
    return get("/api/replays", TIMEOUT);
  }

  /** Cancels one; returns how it is then. */
  JsonObject cancel(String replay) {
    return post("/api/replays/" + encoded(replay) + "/cancel", new JsonObject());
  }

  /** The secrets, as {@link dev.caravan.management.SecretApi} tells of them. */
  JsonObject secrets() {
    return get("/api/secrets", TIMEOUT);
  }

  /**
   * Asks it to make way for the program that waits in its data directory.
   *
   * @param address that the program is to listen on
   */
  void takeOver(String address) {
    post("/api/take-over?address=" + encoded(address), new JsonObject());
  }

  /** Which of these GUIDs have been there. */
  JsonObject known(JsonArray guids) {
    return post("/api/known-deliveries", new JsonObject().put("guids", guids));
  }

  /** The routes and their files. */
  JsonObject routes() {
    return get("/api/routes", TIMEOUT);
  }

  /** An address that opens the console once. */
  URI consoleLink() {
    return server.resolve(post("/api/console-links", new JsonObject()).getString("path"));
  }

  /** The newest refused requests. */
  JsonObject refused() {
    return get("/api/refused", TIMEOUT);
  }

  /** Has them verified again. */
  JsonObject verifyRefused() {
    return post("/api/refused/verify", new JsonObject());
  }

  @Override
  public void close() {
    // a client of this Java has nothing to close
  }

  private static HttpClient client(@Nullable SSLContext trust) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    return (trust == null ? builder : builder.sslContext(trust)).build();
  }

  /** Nothing secret may be sent before: anyone can listen where the server does not run. */
  private void proveServer() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String nonce = HexFormat.of().formatHex(random);
    URI question = server.resolve(TokenProof.PATH + "?nonce=" + nonce);
    JsonArray proofs;
    try {
      proofs = json(send(HttpRequest.newBuilder(question).timeout(TIMEOUT))).getJsonArray("proofs");
    } catch (ClassCastException e) {
      proofs = null;
    }
    if (proofs == null || !token.isProvenBy(proofs.getList(), nonce, server.getPort())) {
      throw new CommandFailedException(
          "The server at %s does not take %s: it cannot show that it has the same one, so it was not sent. Does another program listen there?"
              .formatted(server, token.description()));
    }
  }

  /** A copy of its log, as it is being made. */
  RunningBackup backup(long bytesPerSecond) {
    HttpResponse<InputStream> answer =
        answer(
            request("/api/log/backup", TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(new JsonObject().put("rate", bytesPerSecond).encode())),
            BodyHandlers.ofInputStream());
    if (answer.statusCode() / 100 != 2) {
      try (InputStream body = answer.body()) {
        throw refused(answer.statusCode(), body.readAllBytes());
      } catch (IOException e) {
        throw new CommandFailedException("The server at " + server + " does not answer.");
      }
    }
    return new RunningBackup(
        answer.body(), answer.headers().firstValueAsLong("Caravan-Log-Bytes").orElse(0));
  }

  private byte[] bytes(String guid, String part, @Nullable String position) {
    String query = position == null ? "" : "?position=" + encoded(position);
    return send(request("/api/deliveries/" + encoded(guid) + "/" + part + query, TIMEOUT));
  }

  private JsonObject get(String path, Duration timeout) {
    return json(send(request(path, timeout)));
  }

  private JsonObject post(String path, JsonObject body) {
    return json(
        send(
            request(path, TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))));
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return token.addTo(HttpRequest.newBuilder(server.resolve(path)).timeout(timeout));
  }

  private byte[] send(HttpRequest.Builder request) {
    HttpResponse<byte[]> response = answer(request, BodyHandlers.ofByteArray());
    if (response.statusCode() / 100 != 2) {
      throw refused(response.statusCode(), response.body());
    }
    return response.body();
  }

  private <T> HttpResponse<T> answer(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      return client.send(request.build(), body);
    } catch (ConnectException e) {
      throw new CommandFailedException("Nothing listens at " + server + ".");
    } catch (SSLException e) {
      throw new CommandFailedException(
          "TLS with the server at %s failed: %s. Does it show the certificate in caravan.management.tls.certificate?"
              .formatted(server, e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailedException(
          "The server at %s does not answer (%s).".formatted(server, e.getClass().getSimpleName()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("Interrupted.");
    }
  }

  private RuntimeException refused(int status, byte[] body) {
    if (status == 401) {
      return new CommandFailedException(
          "The server at %s does not take %s.".formatted(server, token.description()));
    }
    String error;
    try {
      error = json(body).getString("error");
    } catch (CommandFailedException | ClassCastException e) {
      error = null;
    }
    return new RefusedException(
        status,
        error == null
            ? "What answers at %s (with %d) is not Caravan.".formatted(server, status)
            : error);
  }

  private JsonObject json(byte[] body) {
    try {
      return new JsonObject(Buffer.buffer(body));
    } catch (DecodeException e) {
      throw new CommandFailedException("What answers at " + server + " is not Caravan.");
    }
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
