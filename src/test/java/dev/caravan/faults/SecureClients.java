package dev.caravan.faults;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients over TLS, of HTTP/2 or HTTP/1.1. Half of them share a connection as long as that may be
 * used, as a proxy does; the others open one for each delivery.
 */
final class SecureClients implements SteadyClients.Posters {
  private static final int LONGEST_WAIT = 60;

  private final Vertx vertx = Vertx.vertx();
  private final HttpVersion version;
  private final URI hook;
  private final HttpClient shared;

  SecureClients(URI hook, HttpVersion version) {
    this.hook = hook;
    this.version = version;
    shared = client();
  }

  @Override
  public SteadyClients.Poster of(int lane) {
    return lane % 2 == 0 ? push -> post(shared, push) : this::postByItself;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private HttpClient client() {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(version)
            .setSsl(true)
            .setUseAlpn(true)
            .setTrustAll(true)
            .setVerifyHost(false)
            .setConnectTimeout(LONGEST_WAIT * 1000)
            .setHttp2MaxPoolSize(1));
  }

  private int postByItself(SignedPush push) throws IOException {
    HttpClient own = client();
    try {
      return post(own, push);
    } finally {
      own.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private int post(HttpClient client, SignedPush push) throws IOException {
    try {
      return client
          .request(HttpMethod.POST, hook.getPort(), hook.getHost(), hook.getPath())
          .compose(request -> send(request, push))
          .map(HttpClientResponse::statusCode)
          .toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_WAIT, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Future<HttpClientResponse> send(HttpClientRequest request, SignedPush push) {
    return request
        .putHeader("Content-Type", "application/json")
        .putHeader("X-GitHub-Event", push.event())
        .putHeader("X-GitHub-Delivery", push.guid().toString())
        .putHeader("X-Hub-Signature-256", push.signature())
        .send(Buffer.buffer(push.body()));
  }
}
