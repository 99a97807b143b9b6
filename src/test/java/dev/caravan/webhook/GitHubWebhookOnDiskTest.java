package dev.caravan.webhook;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.Kept.DeadLetter;
import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.tracing.Traces;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.RoutePolicySupport;
import org.junit.jupiter.api.Test;

/** What the component and the real log do together. */
class GitHubWebhookOnDiskTest extends RoutesOnDisk {
  private final List<String> arrived = new CopyOnWriteArrayList<>();

  @Test
  void aRouteThatWasDownCatchesUpInOrder() throws Exception {
    start(arrivals("github-webhook:push"));
    append(push(1));
    await().until(() -> arrived.equals(List.of("1")));

    close();
    open();
    append(push(2));
    append(push(3));
    start(arrivals("github-webhook:push"));

    await().until(() -> arrived.equals(List.of("1", "2", "3")));
  }

  @Test
  void aNewRouteMayBeginAtTheBeginning() throws Exception {
    append(push(1));
    start(arrivals("github-webhook:push?startFrom=beginning"));

    await().until(() -> arrived.equals(List.of("1")));
  }

  @Test
  void aSuspendedRouteRunsAgainAfterARestart() throws Exception {
    start(arrivals("github-webhook:push"));
    context.getRouteController().suspendRoute("arrivals");
    append(push(1));
    close();
    open();

    start(arrivals("github-webhook:push"));

    await().until(() -> arrived.equals(List.of("1")));
  }

  @Test
  void aStatusThatIsNotRetriedMakesADeadLetterAtOnceAndAnotherIsRetried() throws Exception {
    AtomicInteger status = new AtomicInteger(422);
    HttpServer destination =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    destination.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status.getAndSet(503), -1);
          exchange.close();
        });
    destination.start();
    String url = "http://127.0.0.1:" + destination.getAddress().getPort() + "/";
    start(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("github-webhook:push?noRetryOn=400,422&retryDelay=1h&retryMaxDelay=1h")
                .routeId("picky")
                .setBody(constant("x"))
                .to(url);
          }
        });

    Delivery refused = push(1);
    Delivery unlucky = push(2);
    append(refused);
    append(unlucky);

    await().until(() -> Kept.attempts(log.history(), unlucky.guid()).size() == 1);
    assertThat(Kept.deadLetters(log.history(), "picky"))
        .extracting(DeadLetter::guid)
        .containsExactly(refused.guid());
    assertThat(Kept.deadLetters(log.history(), "picky").get(0).error()).contains("422");
    destination.stop(0);
  }

  @Test
  void theSpanOfAnAttemptEndsWhenItsRouteCannotEvenBegin() throws Exception {
    Spans spans = new Spans();
    StackOverflowError error = new StackOverflowError("of the test");
    RoutePolicySupport throwing =
        new RoutePolicySupport() {
          @Override
          public void onExchangeBegin(Route route, Exchange exchange) {
            throw error;
          }
        };
    context.getCamelContextExtension().addContextPlugin(Traces.class, spans);
    start(
        route(
            r ->
                r.from("github-webhook:push?maxAttempts=1")
                    .routeId("no")
                    .routePolicy(throwing)
                    .process(e -> arrived.add("begun"))));

    append(push(1));

    await().until(() -> Kept.deadLetters(log.history(), "no").size() == 1);
    assertThat(arrived).isEmpty();
    assertThat(spans.ended).containsExactly(error);
  }

  @Test
  void whatFailsBehindSedaIsTriedAgainAndThenADeadLetter() throws Exception {
    Delivery delivery = push(1);
    start(
        route(
            r -> {
              r.from("github-webhook:push?maxAttempts=2&retryDelay=10ms")
                  .routeId("hands-over")
                  .to("seda:work");
              r.from("seda:work").routeId("works").throwException(new IllegalStateException("no"));
            }));

    append(delivery);

    await().until(() -> Kept.deadLetters(log.history(), "hands-over").size() == 1);
    assertThat(Kept.attempts(log.history(), delivery.guid()))
        .extracting(AttemptRecord::number)
        .containsExactly(1, 2);
    assertThat(Kept.deadLetters(log.history(), "hands-over").get(0).error())
        .isEqualTo("IllegalStateException: no");
  }

  @Test
  void whatAFilterLeftOutRunsWhenItIsRedeliveredAfterTheFilterWasChanged() throws Exception {
    Delivery delivery = push(1);
    start(arrivals("github-webhook:push?branch=main"));
    append(delivery);
    await()
        .until(
            () ->
                log.history().subscriptions().stream()
                    .allMatch(each -> each.lag() == 0 && each.inWork() == 0));

    close();
    open();
    start(arrivals("github-webhook:push"));
    append(delivery);

    await().until(() -> arrived.equals(List.of("1")));
    await().until(() -> Kept.attempts(log.history(), delivery.guid()).size() == 1);
  }

  private RoutesBuilder arrivals(String uri) {
    return route(
        r ->
            r.from(uri)
                .routeId("arrivals")
                .process(e -> arrived.add((String) e.getMessage().getBody(Map.class).get("ref"))));
  }

  private static Delivery push(int number) {
    return Deliveries.json(
        "push", "{\"ref\":\"%d\",\"repository\":{\"full_name\":\"acme/web\"}}".formatted(number));
  }

  /** Spans that go nowhere. */
  private static final class Spans implements Traces {
    private final List<Throwable> ended = new CopyOnWriteArrayList<>();

    @Override
    public void traceIn(CamelContext context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Taken take(Delivery delivery) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Span attempt(Attempt attempt, String name, BiConsumer<String, String> headers) {
      return new Span() {
        @Override
        public String traceId() {
          return "4bf92f3577b34da6a3ce929d0e0e4736";
        }

        @Override
        public String id() {
          return "00f067aa0ba902b7";
        }

        @Override
        public void end(Throwable failure) {
          ended.add(failure);
        }
      };
    }
  }
}
