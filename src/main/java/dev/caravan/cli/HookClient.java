package dev.caravan.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Posts deliveries, several at a time, over connections that are reused. */
final class HookClient {
  private static final int CONNECTIONS = 8;

  private final HttpClient client;

  /**
   * @param trust the trusted certificates; null for those that Java trusts
   */
  HookClient(@Nullable SSLContext trust) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(WebhookRequest.TIMEOUT);
    this.client = (trust == null ? builder : builder.sslContext(trust)).build();
  }

  /** Posts one delivery and waits for its answer. */
  HookResponse post(WebhookRequest request, String delivery) throws InterruptedException {
    HttpRequest signed = request.as(delivery);
    long start = System.nanoTime();
    try {
      var response = client.send(signed, BodyHandlers.ofString());
      return new HookResponse(response.statusCode(), response.body(), null, since(start));
    } catch (IOException e) {
      return new HookResponse(0, "", e, since(start));
    }
  }

  /** Posts that many deliveries; stops early when answers stop coming. */
  AnswerTally post(WebhookRequest request, Supplier<String> deliveries, int count)
      throws InterruptedException {
    AnswerTally tally = new AnswerTally();
    AtomicInteger left = new AtomicInteger(count);
    int connections = Math.min(count, CONNECTIONS);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    long start = System.nanoTime();
    for (int connection = 0; connection < connections; connection++) {
      threads.execute(
          () -> {
            try {
              while (left.getAndDecrement() > 0 && !tally.isCutOff()) {
                tally.add(post(request, deliveries.get()));
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    threads.shutdown();
    threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    tally.end(since(start));
    return tally;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
