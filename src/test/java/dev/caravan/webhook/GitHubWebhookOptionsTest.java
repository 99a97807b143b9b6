package dev.caravan.webhook;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.ResolveEndpointFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitHubWebhookOptionsTest {
  @Test
  void everyOptionReachesTheSubscription() {
    try (RunningRoutes routes =
        new RunningRoutes()
            .yaml(
                """
                - route:
                    id: all-options
                    from:
                      uri: github-webhook:push,pull_request.opened
                      parameters:
                        subscription: deploys
                        concurrency: 4
                        orderBy: subject
                        strict: true
                        startFrom: 2026-01-31T08:00:00Z
                        maxAttempts: 3
                        retryDelay: 500ms
                        retryMaxDelay: 2h
                        repository: acme/web-*
                        payload: raw
                      steps:
                        - to: mock:end
                """)
            .start()) {
      SubscriptionSettings settings = routes.log().settings("deploys");

      assertThat(settings.concurrency()).isEqualTo(4);
      assertThat(settings.orderBy()).isEqualTo(OrderBy.SUBJECT);
      assertThat(settings.strict()).isTrue();
      assertThat(settings.startFrom())
          .isEqualTo(new StartFrom(Instant.parse("2026-01-31T08:00:00Z")));
      assertThat(settings.retry())
          .isEqualTo(new RetryPolicy(3, Duration.ofMillis(500), Duration.ofHours(2)));
      assertThat(settings.filter().events()).containsExactly("push", "pull_request.opened");
      assertThat(settings.filter().wantsRepository("acme/web-shop")).isTrue();
      assertThat(settings.filter().wantsRepository("acme/api")).isFalse();
    }
  }

  @Test
  void withoutOptionsTheDefaultsHold() {
    try (RunningRoutes routes =
        RunningRoutes.java(route(r -> r.from("github-webhook:*").routeId("plain").to("mock:a")))) {
      SubscriptionSettings settings = routes.log().settings("plain");

      assertThat(settings.concurrency()).isEqualTo(8);
      assertThat(settings.orderBy()).isEqualTo(OrderBy.REPOSITORY);
      assertThat(settings.strict()).isFalse();
      assertThat(settings.startFrom()).isEqualTo(StartFrom.NOW);
      assertThat(settings.retry()).isEqualTo(RetryPolicy.DEFAULT);
      assertThat(settings.filter().wants("anything", null)).isTrue();
      assertThat(settings.filter().wantsRepository(null)).isTrue();
    }
  }

  @Test
  void anOptionMayBeAPlaceholder() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:push?retryDelay={{pause:7s}}")
                        .routeId("patient")
                        .to("mock:a")))) {
      assertThat(routes.log().settings("patient").retry().delay()).isEqualTo(Duration.ofSeconds(7));
    }
  }

  /** Camel reads a plus in an address as a blank, and no file would ever match. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          src/c++/**       | src/c++/**
          **/+page.svelte  | **/+page.svelte
          my files/a+b     | my files/a+b
          src/c%2B%2B/     | src/c++/
          100%/a%20b       | 100%/a b
          a#b/?.md         | a#b/?.md
          RAW(R&D/+)       | R&D/+
          """)
  void anOptionIsReadAsItIsWritten(String written, String read) {
    try (RunningRoutes routes =
        new RunningRoutes()
            .yaml(
                """
                - route:
                    id: files
                    from:
                      uri: "github-webhook:push, pull_request"
                      parameters: { subscription: "%s" }
                      steps:
                        - to: mock:end
                """
                    .formatted(written))
            .start()) {
      assertThat(routes.log().settings(read).filter().events())
          .containsExactly("push", "pull_request");
      assertThat(
              routes
                  .context()
                  .getEndpoint("github-webhook:push?paths=" + written, GitHubWebhookEndpoint.class)
                  .getConfiguration()
                  .getPaths())
          .isEqualTo(read);
    }
  }

  @Test
  void aRouteCannotPollDeliveriesAndIsToldSo() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from("direct:a").routeId("polls").pollEnrich("github-webhook:push")))) {
      assertThatThrownBy(
              () -> routes.context().createProducerTemplate().sendBody("direct:a", "anything"))
          .rootCause()
          .hasMessageContaining("github-webhook: can only be read under from");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          push?concurrency=many         | concurrency is 'many', which is not a whole number.
          push?concurrency=0            | concurrency must be from 1 to 1000, was 0.
          push?concurrency=1001         | concurrency must be from 1 to 1000, was 1001.
          push?maxAttempts=0            | maxAttempts is 0; it must be at least 1
          push?maxAttempts=a few        | maxAttempts is 'a few', which is not a whole number.
          push?retryDelay=soon          | retryDelay is 'soon', which is not a duration, such as 500ms, 5s or 1h.
          push?concurrency=5s           | concurrency is '5s', which is not a whole number.
          push?retryDelay=5 parrots     | retryDelay is '5 parrots', which is not a duration, such as 500ms, 5s or 1h.
          push?retryDelay=-5            | retryDelay is -0.005s; it must be at least 0s
          push?retryMaxDelay=P1X        | P1X
          push?retryDelay=2h            | retryMaxDelay is 1h; it must not be shorter than retryDelay, which is 2h
          push?strict=perhaps           | strict is 'perhaps', which is not true or false.
          push?orderBy=repo             | orderBy is 'repo'. Write repository, subject or none.
          push?payload=xml              | payload is 'xml'. Write map or raw.
          push?startFrom=yesterday      | startFrom is 'yesterday'. Write now, beginning, or a time such as 2026-01-31T08:00:00Z.
          push,pull-request             | 'pull-request' is not an event. Write * for every event
          push?retries=3                | Unknown parameters=[{retries=3}]
          """)
  void aValueThatCannotWorkIsRefusedByName(String uri, String sentence) {
    try (RunningRoutes routes = new RunningRoutes()) {
      assertThatThrownBy(() -> routes.context().getEndpoint("github-webhook:" + uri))
          .isInstanceOf(ResolveEndpointFailedException.class)
          .hasMessageContaining(sentence);
    }
  }

  @Test
  void anEventGitHubDoesNotKnowIsAWarningWithTheNearestNames() {
    try (CapturedLog captured = new CapturedLog("dev.caravan.webhook");
        RunningRoutes routes =
            RunningRoutes.java(
                route(
                    r ->
                        r.from("github-webhook:pull_requests,push,issue.opened,*")
                            .routeId("misspelt")
                            .to("mock:a")))) {
      assertThat(routes.log().isRunning("misspelt")).isTrue();
      assertThat(captured.lines())
          .hasSize(2)
          .anySatisfy(
              line ->
                  assertThat(line)
                      .startsWith("WARN ")
                      .contains("no event 'pull_requests'. The nearest names are pull_request,"))
          .anySatisfy(line -> assertThat(line).contains("'issue'. The nearest names are issues,"));
    }
  }

  @Test
  void aKnownEventIsNoWarning() {
    try (CapturedLog captured = new CapturedLog("dev.caravan.webhook");
        RunningRoutes routes =
            RunningRoutes.java(
                route(
                    r ->
                        r.from("github-webhook:push,workflow_run.completed")
                            .routeId("fine")
                            .to("mock:a")))) {
      assertThat(routes.log().isRunning("fine")).isTrue();
      assertThat(captured.lines()).isEmpty();
    }
  }

  @Test
  void theComponentHasNoProducer() {
    assertThatThrownBy(
            () -> RunningRoutes.java(route(r -> r.from("direct:a").to("github-webhook:push"))))
        .rootCause()
        .hasMessageContaining("write it under from");
  }
}
