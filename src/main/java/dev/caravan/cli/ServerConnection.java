package dev.caravan.cli;

import dev.caravan.management.RefusedException;
import dev.caravan.management.TokenProof;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks a running server through its management port, once the server has proved its identity. */
final class ServerConnection {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final URI server;
  private final ManagementToken token;
  private final HttpClient client;

  /**
   * Checks that the server with this token answers there and accepts the token.
   *
   * @param trust the trusted certificates, for a server with TLS; null for one without
   * @throws CommandFailedException with a sentence that says why it cannot be asked
   */
  ServerConnection(URI server, ManagementToken token, @Nullable SSLContext trust) {
    this.server = server;
    this.token = token;
    this.client = client(trust);
    try {
      if (trust == null && token.isKnown()) { // with TLS, its certificate proves its identity
        proveServer();
      }
      if ("caravan".equals(get("/api").getValue("program"))) {
        return;
      }
    } catch (RefusedException e) {
      throw new CommandFailedException(e.getMessage());
    }
    throw new CommandFailedException("What answers at " + server + " is not Caravan.");
  }

  URI resolve(String path) {
    return server.resolve(path);
  }

  byte[] bytes(String path) {
    return send(request(path, TIMEOUT));
  }

  JsonObject get(String path) {
    return get(path, TIMEOUT);
  }

  /** The same with more patience. */
  JsonObject get(String path, Duration timeout) {
    return json(send(request(path, timeout)));
  }

  JsonObject post(String path, JsonObject body) {
    return json(send(postOf(path, body)));
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return token.addTo(HttpRequest.newBuilder(server.resolve(path)).timeout(timeout));
  }

  /** Posts, and returns the answer as a stream, for something large. */
  HttpResponse<InputStream> stream(String path, JsonObject body) {
    HttpResponse<InputStream> answer = answer(postOf(path, body), BodyHandlers.ofInputStream());
    if (answer.statusCode() / 100 != 2) {
      try (InputStream error = answer.body()) {
        throw refused(answer.statusCode(), error.readAllBytes());
      } catch (IOException e) {
        throw new CommandFailedException("The server at " + server + " does not answer.");
      }
    }
    return answer;
  }

  private HttpRequest.Builder postOf(String path, JsonObject body) {
    return request(path, TIMEOUT)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.encode()));
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
      throw new NothingListensException(server);
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
          "The server at %s does not accept %s.".formatted(server, token.description()));
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
      return new JsonObject(new String(body, StandardCharsets.UTF_8));
    } catch (DecodeException e) {
      throw new CommandFailedException("What answers at " + server + " is not Caravan.");
    }
  }

  private static HttpClient client(@Nullable SSLContext trust) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    return (trust == null ? builder : builder.sslContext(trust)).build();
  }

  /** Nothing secret may be sent before: anyone could listen there while the server does not run. */
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
          "The server at %s does not accept %s: it cannot prove that it has the same one, so it was not sent. Does another program listen there?"
              .formatted(server, token.description()));
    }
  }
}
