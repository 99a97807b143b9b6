package dev.caravan.webhook;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.delivery.Delivery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A null or a missing member in a payload is nothing, however it is read, and never a failure. */
class NullsInPayloadTest {
  /** A branch was deleted: what GitHub sends then, and a list that ends early. */
  private static final Delivery DELETION =
      Deliveries.json(
          "push",
          """
          {"ref":"refs/heads/topic","deleted":true,"head_commit":null,"commits":[],"pusher":null,
           "labels":[{"name":"bug"}],"size":0,"repository":{"full_name":"acme/web","owner":null}}
          """);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${body[head_commit]}",
        "${body[head_commit][message]}",
        "${body[head_commit][author][email]}",
        "${body['head_commit']['message']}",
        "${body?[head_commit][message]}",
        "${body?[head_commit]?[message]}",
        "${body[nothing][of][the][kind]}",
        "${body[ref][name]}",
        "${body[repository][owner][login]}",
        "${body[head_commit][message].toUpperCase()}",
        "${body[head_commit][message].toUpperCase().trim()}",
        "${body[commits][0][message]}",
        "${body[commits][last][message]}",
        "${body[commits][last-1][message]}",
        "${body[labels][1][name]}",
        "${body[labels][7][name]}",
        "${body[labels][0][color]}",
        "${body.head_commit}",
        "${body.head_commit.message}",
        "${body.head_commit.author.email}",
        "${body?.head_commit?.message}",
        "${body.nothing.of.the.kind}",
        "${body.commits[0].message}",
        "${body.repository.owner.login}",
        "${bodyAs(java.util.Map)[head_commit][message]}",
        "${in.body[head_commit][message]}",
        "${variable.commit[message]}",
        "${variable.push[head_commit][message]}",
        "${exchangeProperty.push[head_commit][message]}",
        "${header.push[head_commit][message]}",
        "${headers.push[head_commit][message]}",
        "${header.CamelGitHubWebhookSender}",
        "${header.CamelGitHubWebhookSender.length()}"
      })
  void simpleReadsNothing(String expression) {
    assertThat(read(expression)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$.head_commit",
        "$.head_commit.message",
        "$.head_commit.author.email",
        "$.nothing.of.the.kind",
        "$.commits[0].message",
        "$.repository.owner.login"
      })
  void jsonPathReadsNothing(String path) {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*?maxAttempts=1")
                        .routeId("reads")
                        .setBody()
                        .jsonpath(path)
                        .to("mock:end")))) {
      assertThat(routes.outcome(DELETION).error()).isNull();
      assertThat(routes.mock("end").getReceivedExchanges().get(0).getMessage().getBody()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${body[head_commit]} == null",
        "${body[head_commit][message]} == null",
        "${body.head_commit.message} == null",
        "${body[head_commit][message]} != 'a'",
        "${body[head_commit][message]} !contains 'a'",
        "${body[head_commit][message]} !regex 'a.*'",
        "${body[head_commit][message]} !in 'a,b'",
        "${body[commits].size()} == 0",
        "${body[commits].isEmpty()}",
        "${body[deleted]}",
        "${body[ref]} starts with 'refs/heads/'",
        "${body[labels][0][name]} == 'bug'",
        "${body.labels[0].name} == 'bug'",
        "${body[labels][last][name]} == 'bug'",
        "${body[size]} == 0",
        "${body.size} == 0",
        "${body[repository][full_name].length()} == 8",
        "${body.repository.full_name.length} == 8",
        "${body.repository.size()} == 2",
      })
  void aPredicateHolds(String predicate) {
    assertThat(matches(predicate)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${body[head_commit]} != null",
        "${body[head_commit][message]} != null",
        "${body[head_commit][message]}",
        "${body[head_commit][message]} == 'a'",
        "${body[head_commit][message]} =~ 'a'",
        "${body[head_commit][message]} contains 'a'",
        "${body[head_commit][message]} ~~ 'a'",
        "${body[head_commit][message]} starts with 'a'",
        "${body[head_commit][message]} startsWith 'a'",
        "${body[head_commit][message]} ends with 'a'",
        "${body[head_commit][message]} regex 'a.*'",
        "${body[head_commit][message]} in 'a,b'",
        "${body[head_commit][number]} > 5",
        "${body[head_commit][number]} >= 5",
        "${body[head_commit][number]} range '1..5'",
        "${body[head_commit][message]} is 'java.lang.String'",
      })
  void aPredicateDoesNotHold(String predicate) {
    assertThat(matches(predicate)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${replace(<,‹,${body[head_commit][message]})}",
        "${uppercase(${body[head_commit][message]})}",
        "${lowercase(${body[head_commit][message]})}",
        "${trim(${body[head_commit][message]})}",
        "${substring(0,3,${body[head_commit][message]})}",
        "${substringBefore(${body[head_commit][message]},'a')}",
        "${quote(${body[head_commit][message]})}",
        "${length(${body[head_commit][message]})}",
        "${concat(${body[head_commit][message]},'a')}",
        "${normalizeWhitespace(${body[head_commit][message]})}",
        "${map(text,${body[head_commit][message]})}",
        "Pushed by ${body[pusher][name]}: ${body[head_commit][message]}",
        "${iif(${body[head_commit][message]} == null,none,${body[head_commit][message]})}",
      })
  void aFunctionTakesNothing(String expression) {
    read(expression); // and does not fail
  }

  @Test
  void stepsReadNullsAndMissingFieldsAsNothing() {
    try (RunningRoutes routes =
        new RunningRoutes()
            .yaml(
                """
                - route:
                    id: steps
                    from:
                      uri: github-webhook:*
                      parameters: { maxAttempts: 1 }
                      steps:
                        - log: "${body[head_commit][message]} ${body[commits][0]} ${body.pusher.name}"
                        - setHeader: { name: message, simple: "${body[head_commit][message]}" }
                        - setVariable: { name: message, jsonpath: "$.head_commit.message" }
                        - setProperty: { name: message, simple: "${body.head_commit.message}" }
                        - split:
                            simple: "${body[head_commit][added]}"
                            steps: [ { to: mock:split } ]
                        - split:
                            jsonpath: "$.commits[*].added[*]"
                            steps: [ { to: mock:split } ]
                        - choice:
                            when:
                              - jsonpath: "$.head_commit[?(@.message == 'a')]"
                                steps: [ { to: mock:when } ]
                              - jsonpath: "head_commit.message == 'a'"
                                steps: [ { to: mock:when } ]
                              - simple: "${header.message.length()} > 3"
                                steps: [ { to: mock:when } ]
                        - loop:
                            simple: "${body[commits].size()}"
                            steps: [ { to: mock:loop } ]
                        - idempotentConsumer:
                            simple: "${body[ref]} ${body[head_commit][id]}"
                            idempotentRepository: "#class:org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository"
                            steps: [ { to: mock:once } ]
                        - toD: "mock:${body[head_commit][id]}end"
                """)
            .start()) {
      assertThat(routes.outcome(DELETION).error()).isNull();
      assertThat(routes.mock("end").getReceivedCounter()).isEqualTo(1);
      assertThat(routes.mock("split").getReceivedCounter()).isZero();
      assertThat(routes.mock("when").getReceivedCounter()).isZero();
    }
  }

  @Test
  void valuesThatExistAreReadAsCamelReadsThem() {
    assertThat(read("${body[ref]}")).isEqualTo("refs/heads/topic");
    assertThat(read("${body[ref].substring(0,4).toUpperCase()}")).isEqualTo("REFS");
    assertThat(read("${body[labels][${variable.zero}][name]}")).isEqualTo("bug");
    assertThat(read("${body[labels].get(0)}")).isEqualTo(Map.of("name", "bug"));
    assertThat(read("${body['repository']['full_name']}")).isEqualTo("acme/web");
    assertThat(read("${body.repository.full_name}")).isEqualTo("acme/web");
    assertThat(read("${header.push[labels][last][name]}")).isEqualTo("bug");
    assertThat(read("${body.labels[last].name}")).isEqualTo("bug");
  }

  @Test
  void aMissingMethodIsStillAFailure() {
    try (RunningRoutes routes = reading("${body[ref].shout()}")) {
      assertThat(routes.outcome(DELETION).error()).hasStackTraceContaining("shout");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"$.[", "$.labels[?(@.name ==", "$..[?("})
  void anInvalidJsonPathIsRefusedAtTheStart(String path) {
    assertThatThrownBy(
            () ->
                RunningRoutes.java(
                    route(
                        r ->
                            r.from("github-webhook:*")
                                .routeId("reads")
                                .setBody()
                                .jsonpath(path)
                                .to("mock:end"))))
        .hasStackTraceContaining("Illegal syntax: " + path);
  }

  @Test
  void aRouteMayStillAskJsonPathToFail() {
    try (RunningRoutes routes =
        new RunningRoutes()
            .yaml(
                """
                - route:
                    id: strict
                    from:
                      uri: github-webhook:*
                      parameters: { maxAttempts: 1 }
                      steps:
                        - setBody:
                            jsonpath: { expression: "$.head_commit.message", suppressExceptions: false }
                """)
            .start()) {
      assertThat(routes.outcome(DELETION).error()).hasStackTraceContaining("$['head_commit']");
    }
  }

  private static Object read(String expression) {
    try (RunningRoutes routes = reading(expression)) {
      assertThat(routes.outcome(DELETION).error()).isNull();
      return routes.mock("end").getReceivedExchanges().get(0).getMessage().getBody();
    }
  }

  private static RunningRoutes reading(String expression) {
    return RunningRoutes.java(
        route(
            r ->
                r.from("github-webhook:*?maxAttempts=1")
                    .routeId("reads")
                    .setHeader("push", r.body())
                    .setProperty("push", r.body())
                    .setVariable("push", r.body())
                    .setVariable("zero", r.constant(0))
                    .setVariable("commit", r.simple("${body[head_commit]}"))
                    .setBody(r.simple(expression))
                    .to("mock:end")));
  }

  private static boolean matches(String predicate) {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*?maxAttempts=1")
                        .routeId("decides")
                        .choice()
                        .when(r.simple(predicate))
                        .to("mock:true")
                        .otherwise()
                        .to("mock:false")))) {
      if (routes.outcome(DELETION).error() != null) {
        throw new AssertionError(routes.told(DELETION).get(0).error());
      }
      return List.of(1, 0)
          .equals(
              List.of(
                  routes.mock("true").getReceivedCounter(),
                  routes.mock("false").getReceivedCounter()));
    }
  }
}
