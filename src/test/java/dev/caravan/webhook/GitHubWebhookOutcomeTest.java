package dev.caravan.webhook;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.MemoryDeliveryLog.Told;
import dev.caravan.webhook.outcome.ReportFailures;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.Test;

class GitHubWebhookOutcomeTest {
  private static final String ONCE = "github-webhook:*?maxAttempts=1&concurrency=1";

  private final Delivery delivery = Deliveries.json("push", "{\"ref\":\"refs/heads/main\"}");

  @Test
  void aRouteThatEndsSucceeds() {
    try (RunningRoutes routes =
        RunningRoutes.java(route(r -> r.from(ONCE).routeId("ends").to("mock:end")))) {
      assertThat(routes.outcome(delivery)).isEqualTo(told("ends", null));
    }
  }

  @Test
  void aRouteThatThrowsFailsWithItsError() {
    IllegalStateException error = new IllegalStateException("no deployer");
    try (RunningRoutes routes =
        RunningRoutes.java(route(r -> r.from(ONCE).routeId("throws").process(e -> fail(error))))) {
      assertThat(routes.outcome(delivery)).isEqualTo(told("throws", error));
    }
  }

  @Test
  void aFailureIsTriedAgainAndTheHeaderCounts() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*?retryDelay=10ms")
                        .routeId("flaky")
                        .filter(r.header(GitHubWebhookConstants.ATTEMPT).isLessThan(3))
                        .throwException(new IllegalStateException("not yet"))
                        .end()
                        .to("mock:end")))) {
      routes.deliver(delivery, "end");

      await().until(() -> routes.told(delivery).size() == 3);
      assertThat(routes.told(delivery).stream().map(Told::success))
          .containsExactly(false, false, true);
    }
  }

  @Test
  void anErrorAfterARouteWasCutOffIsNotLoggedAsLost() throws Exception {
    BlockingQueue<Runnable> failures = new LinkedBlockingQueue<>();
    try (CapturedLog log = new CapturedLog("dev.caravan.webhook");
        RunningRoutes routes =
            new RunningRoutes()
                .with(context -> context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS))
                .with(
                    context ->
                        context.getManagementStrategy().addEventNotifier(new ReportFailures()))
                .add(route(r -> r.from(ONCE).routeId("slow").process(failsWhenTold(failures))))
                .start()) {
      routes.log().append(delivery).join();
      Runnable failure = failures.take();
      routes.context().getRouteController().stopRoute("slow");

      failure.run();

      assertThat(log.lines()).noneMatch(line -> line.contains("late"));
    }
  }

  @Test
  void rollbackOnlyIsAFailure() {
    try (RunningRoutes routes =
        RunningRoutes.java(route(r -> r.from(ONCE).routeId("rolls").markRollbackOnly()))) {
      assertThat(routes.outcome(delivery).error())
          .hasMessage("The route marked its exchange for rollback");
    }
  }

  @Test
  void rollbackOnlyOfTheLastIsAFailure() {
    try (RunningRoutes routes =
        RunningRoutes.java(route(r -> r.from(ONCE).routeId("rolls").markRollbackOnlyLast()))) {
      assertThat(routes.outcome(delivery).success()).isFalse();
    }
  }

  @Test
  void anErrorTheRouteHandlesIsASuccess() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r -> {
                  r.onException(IllegalStateException.class).handled(true).to("mock:handled");
                  r.from(ONCE).routeId("handles").throwException(new IllegalStateException("a"));
                }))) {
      assertThat(routes.outcome(delivery).success()).isTrue();
      assertThat(routes.mock("handled").getReceivedCounter()).isEqualTo(1);
    }
  }

  @Test
  void camelsOwnRedeliveriesComeFirst() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r -> {
                  r.onException(IllegalStateException.class)
                      .maximumRedeliveries(2)
                      .redeliveryDelay(1);
                  r.from(ONCE)
                      .routeId("redelivers")
                      .to("mock:before")
                      .process(
                          e -> {
                            if (e.getIn().getHeader(Exchange.REDELIVERY_COUNTER) == null
                                || e.getIn().getHeader(Exchange.REDELIVERY_COUNTER, int.class)
                                    < 2) {
                              throw new IllegalStateException("once more");
                            }
                          });
                }))) {
      assertThat(routes.outcome(delivery).success()).isTrue();
    }
  }

  @Test
  void theOutcomeIsThatOfTheWorkAfterASedaStep() {
    CountDownLatch gate = new CountDownLatch(1);
    IllegalStateException error = new IllegalStateException("after seda");
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r -> {
                  r.from(ONCE).routeId("hands-over").to("seda:work").to("mock:handed");
                  r.from("seda:work?pollTimeout=50")
                      .routeId("works")
                      .process(e -> gate.await(10, TimeUnit.SECONDS))
                      .process(e -> fail(error));
                }))) {
      routes.deliver(delivery, "handed");
      await().until(() -> routes.context().getInflightRepository().size("hands-over") == 0);
      assertThat(routes.told(delivery)).isEmpty();

      gate.countDown();

      await().until(() -> !routes.told(delivery).isEmpty());
      assertThat(routes.told(delivery)).containsExactly(told("hands-over", error));
    }
  }

  @Test
  void aSedaStepThatSucceedsSucceeds() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r -> {
                  r.from(ONCE).routeId("hands-over").to("seda:work");
                  r.from("seda:work?pollTimeout=50").routeId("works").delay(20).to("mock:end");
                }))) {
      assertThat(routes.outcome(delivery)).isEqualTo(told("hands-over", null));
      assertThat(routes.mock("end").getReceivedCounter()).isEqualTo(1);
    }
  }

  @Test
  void aRouteThatFailsAfterItsSedaStepFailsOnce() {
    CountDownLatch gate = new CountDownLatch(1);
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r -> {
                  r.from(ONCE)
                      .routeId("hands-over")
                      .to("seda:work")
                      .throwException(new IllegalStateException("the rest"));
                  r.from("seda:work?pollTimeout=50")
                      .routeId("works")
                      .process(e -> gate.await(10, TimeUnit.SECONDS))
                      .to("mock:end");
                }))) {
      assertThat(routes.outcome(delivery).error()).hasMessage("the rest");

      gate.countDown();

      await().until(() -> routes.mock("end").getReceivedCounter() == 1);
      await().until(() -> routes.context().getInflightRepository().size() == 0);
      assertThat(routes.told(delivery)).hasSize(1);
    }
  }

  @Test
  void aFullSedaQueueIsAFailureAndNotASilence() {
    Delivery second = Deliveries.json("push", "{}");
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from(ONCE).routeId("fills").to("seda:full?size=1").to("mock:handed")))) {
      routes.context().getShutdownStrategy().setTimeout(1); // nobody ever empties that queue
      routes.deliver(delivery, "handed");

      assertThat(routes.outcome(second).error()).hasMessageContaining("Queue full");
    }
  }

  @Test
  void aThreadIsFreeWhileARouteWaitsAsynchronously() {
    BlockingQueue<AsyncCallback> waiting = new LinkedBlockingQueue<>();
    Delivery second = Deliveries.json("push", "{}");
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from(ONCE).routeId("waits").process(waitsFor(waiting)).to("mock:end")))) {
      routes.log().append(delivery).join();
      routes.log().append(second).join();
      await().until(() -> waiting.size() == 2); // with one thread
      assertThat(routes.log().told()).isEmpty();

      waiting.forEach(callback -> callback.done(false));

      await().until(() -> routes.log().told().size() == 2);
      assertThat(routes.log().told()).allMatch(Told::success);
    }
  }

  @Test
  void aFailureAfterAnAsynchronousStepIsAFailure() {
    BlockingQueue<AsyncCallback> waiting = new LinkedBlockingQueue<>();
    IllegalStateException error = new IllegalStateException("late");
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from(ONCE)
                        .routeId("waits")
                        .process(waitsFor(waiting))
                        .process(e -> fail(error))))) {
      routes.log().append(delivery).join();
      await().until(() -> waiting.size() == 1);

      waiting.forEach(callback -> callback.done(false));

      await().until(() -> !routes.log().told().isEmpty());
      assertThat(routes.told(delivery)).containsExactly(told("waits", error));
    }
  }

  @Test
  void aPooledExchangeCarriesNothingFromOneDeliveryToTheNext() {
    IllegalStateException error = new IllegalStateException("the first only");
    Delivery second = Deliveries.json("ping", "{\"zen\":\"Speak like a human.\"}");
    try (RunningRoutes routes =
        new RunningRoutes()
            .with(
                context ->
                    context
                        .getCamelContextExtension()
                        .setExchangeFactory(new PooledExchangeFactory()))
            .add(
                route(
                    r ->
                        r.from(ONCE)
                            .routeId("pooled")
                            .to("mock:in")
                            .filter(r.header("X-GitHub-Event").isEqualTo("push"))
                            .setHeader("leftover", r.constant("a"))
                            .process(e -> fail(error))))
            .start()) {
      assertThat(routes.outcome(delivery)).isEqualTo(told("pooled", error));
      assertThat(routes.outcome(second).success()).isTrue();

      List<Exchange> exchanges = routes.mock("in").getReceivedExchanges();
      assertThat(exchanges.get(1).getIn().getBody())
          .isEqualTo(Map.of("zen", "Speak like a human."));
      assertThat(exchanges.get(1).getIn().getHeaders()).doesNotContainKey("leftover");
      assertThat(routes.told(delivery)).hasSize(1);
      assertThat(routes.told(second)).hasSize(1);
    }
  }

  private Told told(String subscription, Throwable error) {
    return new Told(subscription, delivery.guid(), 1, error);
  }

  private static void fail(RuntimeException error) {
    throw error;
  }

  private static AsyncProcessorSupport failsWhenTold(BlockingQueue<Runnable> failures) {
    return new AsyncProcessorSupport() {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        failures.add(
            () -> {
              exchange.setException(new IllegalStateException("late"));
              callback.done(false);
            });
        return false;
      }
    };
  }

  private static AsyncProcessorSupport waitsFor(BlockingQueue<AsyncCallback> callbacks) {
    return new AsyncProcessorSupport() {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        callbacks.add(callback);
        return false;
      }
    };
  }
}
