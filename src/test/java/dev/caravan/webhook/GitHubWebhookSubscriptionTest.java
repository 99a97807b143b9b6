package dev.caravan.webhook;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.MemoryDeliveryLog;
import dev.caravan.log.MemoryDeliveryLog.Told;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteStartedEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.junit.jupiter.api.Test;

class GitHubWebhookSubscriptionTest {
  private volatile Thread stuck;

  private final Delivery delivery = Deliveries.json("push", "{\"ref\":\"refs/heads/main\"}");

  @Test
  void routesOfOneUriAreEachASubscription() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r -> {
                  r.from("github-webhook:push").routeId("first").to("mock:first");
                  r.from("github-webhook:push")
                      .routeId("second")
                      .throwException(new IllegalStateException("a"));
                  r.from("github-webhook:push").routeId("third").to("mock:third");
                }))) {
      routes.log().append(delivery).join();

      await().until(() -> routes.told(delivery).size() == 3);
      assertThat(routes.told(delivery).stream().filter(Told::success).map(Told::subscription))
          .containsExactlyInAnyOrder("first", "third");
      assertThat(routes.context().getEndpoints().stream().map(Object::toString))
          .filteredOn(uri -> uri.startsWith("github-webhook"))
          .hasSize(1);
    }
  }

  @Test
  void onlyTheEventsAskedForArrive() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:issues.opened?repository=acme/*")
                        .routeId("picky")
                        .to("mock:end")))) {
      routes.log().append(issue("closed", "acme/web")).join();
      routes.log().append(issue("opened", "other/web")).join();
      routes.log().append(delivery).join();
      Delivery wanted = issue("opened", "acme/web");

      Exchange exchange = routes.deliver(wanted, "end");

      assertThat(exchange.getIn().getHeader("X-GitHub-Delivery")).isEqualTo(wanted.guid());
      assertThat(routes.mock("end").getReceivedCounter()).isEqualTo(1);
    }
  }

  @Test
  void aRouteWithoutAnIdIsRefusedAndToldWhatToWrite() {
    try (RunningRoutes routes =
        new RunningRoutes()
            .yaml(
                """
                - route:
                    from:
                      uri: github-webhook:push
                      steps:
                        - to: mock:end
                """)) {
      assertThatThrownBy(routes::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("github-webhook://push")
          .hasMessageContaining("(test.camel:3)")
          .hasMessageContaining("id: my-route")
          .hasMessageContaining("subscription: my-route");
    }
  }

  @Test
  void aRouteWithoutAnIdMayNameItsSubscription() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from("github-webhook:push?subscription=named").to("mock:end")))) {
      assertThat(routes.log().isRunning("named")).isTrue();
    }
  }

  @Test
  void twoRoutesOfOneSubscriptionAreRefusedByBothIds() {
    try (RunningRoutes routes =
        new RunningRoutes()
            .add(
                route(
                    r -> {
                      r.from("github-webhook:push").routeId("deploy").to("mock:a");
                      r.from("github-webhook:*?subscription=deploy").routeId("audit").to("mock:b");
                    }))) {
      assertThatThrownBy(routes::start)
          .hasMessage(
              "Routes 'deploy' and 'audit' both use the subscription 'deploy', and would take each"
                  + " other's deliveries. Give one of them a name of its own under parameters, such"
                  + " as subscription: audit");
    }
  }

  @Test
  void aStoppedRouteFreesItsSubscription() throws Exception {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from("github-webhook:push").routeId("deploy").to("mock:old")))) {
      routes.context().getRouteController().stopRoute("deploy");
      assertThat(routes.log().isRunning("deploy")).isFalse();

      routes.add(
          route(
              r -> r.from("github-webhook:push?subscription=deploy").routeId("new").to("mock:a")));

      assertThat(routes.log().isRunning("deploy")).isTrue();
    }
  }

  @Test
  void aRouteThatFailedToStartHoldsNoSubscription() throws Exception {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from("github-webhook:push").routeId("deploy").to("mock:a")))) {
      assertThatThrownBy(
              () ->
                  routes.add(
                      route(
                          r ->
                              r.from("github-webhook:*?subscription=deploy")
                                  .routeId("twin")
                                  .to("mock:b"))))
          .hasStackTraceContaining("Routes 'deploy' and 'twin' both use");

      routes.context().getRouteController().stopRoute("deploy");
      routes.context().getRouteController().startRoute("deploy");

      assertThat(routes.log().isRunning("deploy")).isTrue();
    }
  }

  @Test
  void theLogMayBeSetOnTheComponent() {
    MemoryDeliveryLog log = new MemoryDeliveryLog();
    try (RunningRoutes routes = new RunningRoutes()) {
      routes
          .context()
          .getComponent("github-webhook", GitHubWebhookComponent.class)
          .setDeliveryLog(log);
      routes.add(route(r -> r.from("github-webhook:push").routeId("deploy").to("mock:a"))).start();

      assertThat(log.isRunning("deploy")).isTrue();
      assertThat(routes.log().isRunning("deploy")).isFalse();
    }
    log.close();
  }

  @Test
  void aSuspendedRouteGetsNothingUntilItIsResumed() throws Exception {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from("github-webhook:push").routeId("deploy").to("mock:end")))) {
      routes.context().getRouteController().suspendRoute("deploy");
      assertThat(routes.log().isRunning("deploy")).isFalse();
      routes.log().append(delivery).join();

      routes.context().getRouteController().resumeRoute("deploy");

      await().until(() -> routes.mock("end").getReceivedCounter() == 1);
    }
  }

  @Test
  void aStopWaitsForTheExchangeInWork() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:push")
                        .routeId("slow")
                        .to("mock:begun")
                        .process(e -> gate.await(10, TimeUnit.SECONDS))))) {
      routes.deliver(delivery, "begun");
      CompletableFuture<Void> stop =
          CompletableFuture.runAsync(
              () -> {
                try {
                  routes.context().getRouteController().stopRoute("slow");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      await().until(() -> !routes.log().isRunning("slow"));
      assertThat(stop).isNotDone();

      gate.countDown();

      stop.get(10, TimeUnit.SECONDS);
      assertThat(routes.told(delivery)).hasSize(1).allMatch(Told::success);
    }
  }

  @Test
  void whatTheProgramsEndInterruptsIsNotCountedAsAnAttempt() {
    RunningRoutes routes = stuckRoute();
    routes.deliver(delivery, "begun");

    routes.close();

    await().until(() -> !stuck.isAlive()); // it has failed, and whom it tells it has told
    assertThat(routes.told(delivery)).isEmpty();
  }

  @Test
  void whatAStopOfTheRouteAloneInterruptsIsNoFailureAndRunsWhenTheRouteIsBack() throws Exception {
    try (RunningRoutes routes = stuckRoute()) {
      routes.deliver(delivery, "begun");

      routes.context().getRouteController().stopRoute("stuck");

      await().until(() -> routes.log().cutOff().equals(List.of(delivery.guid())));
      assertThat(routes.told(delivery)).isEmpty();
    }
  }

  @Test
  void deliveriesWaitUntilTheOtherRoutesAreUp() {
    AtomicBoolean early = new AtomicBoolean();
    RunningRoutes routes = new RunningRoutes();
    routes
        .context()
        .getManagementStrategy()
        .addEventNotifier(
            new SimpleEventNotifierSupport() {
              @Override
              public void notify(CamelEvent event) {
                if (event instanceof RouteStartedEvent && routes.log().isRunning("first")) {
                  early.set(true);
                }
              }
            });
    try (routes) {
      routes
          .add(
              route(
                  r -> {
                    r.from("github-webhook:push").routeId("first").startupOrder(1).to("direct:a");
                    r.from("direct:a").routeId("second").startupOrder(2).to("mock:a");
                  }))
          .start();

      assertThat(early).isFalse();
      assertThat(routes.log().isRunning("first")).isTrue();
    }
  }

  @Test
  void theThreadsBearTheRoutesName() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:push")
                        .routeId("deploy-web")
                        .process(e -> e.getMessage().setBody(Thread.currentThread().getName()))
                        .to("mock:end")))) {
      assertThat(routes.deliver(delivery, "end").getMessage().getBody(String.class))
          .contains("deploy-web");
    }
  }

  private RunningRoutes stuckRoute() {
    return new RunningRoutes()
        .with(context -> context.getShutdownStrategy().setTimeout(1))
        .with(context -> context.getExecutorServiceManager().setShutdownAwaitTermination(100))
        .add(
            route(
                r ->
                    r.from("github-webhook:push")
                        .routeId("stuck")
                        .process(e -> stuck = Thread.currentThread())
                        .to("mock:begun")
                        .process(e -> new CountDownLatch(1).await(30, TimeUnit.SECONDS))))
        .start();
  }

  private static Delivery issue(String action, String repository) {
    return Deliveries.json(
        "issues",
        "{\"action\":\"%s\",\"repository\":{\"full_name\":\"%s\"}}".formatted(action, repository));
  }
}
