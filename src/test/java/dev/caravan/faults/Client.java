package dev.caravan.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Sends one delivery after the other over one connection. */
final class Client {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CaravanProcess caravan;

  Client(CaravanProcess caravan) {
    this.caravan = caravan;
  }

  HttpResponse<String> send(SignedPush push) {
    return send(push.to(caravan.hook()));
  }

  int health() {
    return status(caravan.health());
  }

  /** The status of the answer to a GET. */
  int status(URI place) {
    return send(HttpRequest.newBuilder(place).build()).statusCode();
  }

  /** What it tells Prometheus. */
  String metrics() {
    return send(HttpRequest.newBuilder(caravan.health().resolve("/observe/metrics")).build())
        .body();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
