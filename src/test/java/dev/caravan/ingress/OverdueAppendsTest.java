package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.log.MemoryDeliveryLog;
import dev.caravan.network.Callers;
import dev.caravan.network.OwnAddress;
import dev.caravan.webhook.CapturedLog;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** A log that takes longer to write than GitHub waits for an answer. */
class OverdueAppendsTest {
  private static final Duration GITHUB_WAITS = Duration.ofMillis(300);
  private static final ConnectionTimeouts IMPATIENT =
      new ConnectionTimeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          GITHUB_WAITS,
          Duration.ofMillis(20));

  @Test
  void whileAppendsAreOverdueNewDeliveriesAreRefusedSoonCountedAndLoggedOnce() {
    try (CapturedLog lines = new CapturedLog("");
        HookServer server = new HookServer(Map.of(), IMPATIENT)) {
      server.log.hold();
      CompletableFuture<HttpResponse<String>> waiting = Post.json("{}").sendTo(server);
      await().until(() -> server.log.appends() == 1);
      await().until(() -> lines.lines().stream().anyMatch(line -> line.startsWith("ERROR")));

      HttpResponse<String> turnedAway = Post.json("{}").to(server);
      Post.json("{}").to(server);

      assertThat(turnedAway.statusCode()).isEqualTo(503);
      assertThat(turnedAway.headers().firstValue("Retry-After")).hasValue("10");
      assertThat(server.log.appends()).isEqualTo(1);
      assertThat(lines.lines().stream().filter(line -> line.startsWith("ERROR")))
          .singleElement()
          .asString()
          .contains("The delivery log has written nothing for");

      server.log.commitHeld();

      assertThat(waiting.join().statusCode()).isEqualTo(202);
      assertThat(server.ingress.lateAnswers()).isEqualTo(1);
      await().until(() -> Post.json("{}").to(server).statusCode() == 202);
      assertThat(server.ingress.lateAnswers()).isEqualTo(1);
    }
  }

  @Test
  void throughTheServerOfAnApplicationTheyAreRefusedSoonToo() throws Exception {
    try (MemoryDeliveryLog log = new MemoryDeliveryLog();
        DefaultCamelContext application = new DefaultCamelContext()) {
      Ingress ingress =
          new Ingress(
              HookServer.settings(Map.of()),
              new OwnAddress("127.0.0.1", 0),
              IMPATIENT,
              HookServer.always(HookServer.SECRET),
              Callers.ANYONE,
              log,
              new HookActivity(null, InstantSource.system()));
      Processor hook = ingress.servedByApplication();
      CamelContext receiving = ReceivingContext.of(ingress);
      try {
        receiving.start();
        log.hold();
        CompletableFuture<Integer> waiting =
            CompletableFuture.supplyAsync(() -> status(hook, application));
        await().until(() -> log.appends() == 1);
        Thread.sleep(GITHUB_WAITS.toMillis() * 2);

        CompletableFuture<Integer> turnedAway =
            CompletableFuture.supplyAsync(() -> status(hook, application));

        assertThat(turnedAway).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(503);
        assertThat(log.appends()).isEqualTo(1);
        log.commitHeld();
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(202);
        assertThat(ingress.lateAnswers()).isEqualTo(1);
        assertThat(status(hook, application)).isEqualTo(202);
        assertThat(ingress.lateAnswers()).isEqualTo(1);
      } finally {
        receiving.stop();
      }
    }
  }

  private static int status(Processor hook, CamelContext application) {
    byte[] body = "{}".getBytes(UTF_8);
    Exchange exchange = new DefaultExchange(application);
    exchange.getMessage().setHeader("Content-Type", "application/json");
    exchange.getMessage().setHeader("X-GitHub-Event", "push");
    exchange.getMessage().setHeader("X-GitHub-Delivery", UUID.randomUUID().toString());
    exchange.getMessage().setHeader("X-Hub-Signature-256", Post.signature(body));
    exchange.getMessage().setBody(body);
    try {
      hook.process(exchange);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
  }

  @Test
  void aQuietTimeIsNotTakenForOverdueAppends() throws InterruptedException {
    try (HookServer server = new HookServer(Map.of(), IMPATIENT)) {
      Post.json("{}").to(server);
      Thread.sleep(GITHUB_WAITS.toMillis() * 2);

      for (int number = 0; number < 20; number++) {
        assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(202);
      }
    }
  }
}
