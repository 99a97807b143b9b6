package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route of another file that is called by name, and what it leaves to the caller. */
class CallAcrossFilesTest {
  /** A bean that each file has, and whose {@code concat} tells them apart. */
  private static final String MARK =
      """
      - beans:
          - name: mark
            type: java.lang.String
            constructors: { "0": "WHOSE " }
      """;

  /** Every way in which a step names a bean or an endpoint as it runs. */
  private static final Map<String, String> WAYS =
      new TreeMap<>(
          Map.of(
              "simple", "setBody: { simple: \"${bean:mark.concat('simple')}\" }",
              "ref", "setBody: { simple: \"${ref:mark}ref\" }",
              "toD", "toD: { uri: \"bean:${header.name}?method=concat\" }",
              "recipientList",
                  "recipientList: { simple: { expression: \"bean:${header.name}?method=concat\" } }",
              "routingSlip",
                  "routingSlip: { simple: { expression: \"bean:${header.name}?method=concat\" } }",
              "dynamicRouter",
                  "dynamicRouter: { simple: { expression: \"${iif(${exchangeProperty.CamelSlipEndpoint} == null,bean:mark?method=concat,${null})}\" } }",
              "enrich", "enrich: { simple: { expression: \"bean:${header.name}?method=concat\" } }",
              "split",
                  "split: { constant: split, aggregationStrategy: \"#class:org.apache.camel.processor.aggregate.UseLatestAggregationStrategy\", steps: [ { toD: { uri: \"bean:${header.name}?method=concat\" } } ] }",
              "doCatch",
                  "doTry: { steps: [ { throwException: { exceptionType: java.io.IOException, message: x } } ], doCatch: [ { exception: [ java.io.IOException ], steps: [ { toD: { uri: \"bean:${header.name}?method=concat\" } } ] } ] }",
              "onException",
                  "throwException: { exceptionType: java.lang.IllegalStateException, message: x }"));

  @TempDir Path directory;

  @Test
  void aCalledRouteWorksWithWhatItsOwnFileDefines() {
    try (Site site = site()) {
      for (String scheme : List.of("direct", "seda")) {
        StringBuilder called = new StringBuilder(MARK.replace("WHOSE", scheme));
        called.append(
            """
            - onException:
                exception: [java.lang.IllegalStateException]
                continued: { constant: "true" }
                steps:
                  - toD: { uri: "bean:${header.name}?method=concat" }
            - onCompletion:
                steps:
                  - setBody: { constant: onCompletion }
                  - toD: { uri: "bean:${header.name}?method=concat" }
                  - to: file:{{test.directory}}?fileName=SCHEME.completed
            - route:
                id: SCHEME
                from:
                  uri: SCHEME:called
                  steps:
                    - setHeader: { name: name, constant: mark }
            """
                .replace("SCHEME", scheme));
        WAYS.forEach(
            (name, step) ->
                called
                    .append("        - setBody: { constant: %s }\n".formatted(name))
                    .append("        - %s\n".formatted(step))
                    .append(
                        "        - setVariable: { name: said, simple: \"${variable.said}${body};\" }\n"));
        site.route(scheme + ".camel.yaml", called.toString())
            .route(
                scheme + "-caller.camel.yaml",
                MARK.replace("WHOSE", "caller")
                    + """
                    - route:
                        id: calls-SCHEME
                        from:
                          uri: github-webhook:push
                          parameters: { maxAttempts: 1 }
                          steps:
                            - to: { uri: "SCHEME:called", parameters: PARAMETERS }
                            - setBody: { simple: "${variable.said}${bean:mark.concat('after')}" }
                            - to: file:{{test.directory}}?fileName=SCHEME.said
                    """
                        .replace("SCHEME", scheme)
                        .replace(
                            "PARAMETERS",
                            scheme.equals("seda") ? "{ waitForTaskToComplete: Always }" : "{}"));
      }
      site.start();
      assertThat(site.server().routeFiles())
          .allSatisfy(file -> assertThat(file.problem()).isNull());

      site.post("push", "guid-1", "{}");

      for (String scheme : List.of("direct", "seda")) {
        String own = scheme + " ";
        await()
            .untilAsserted(
                () ->
                    assertThat(written(scheme + ".said"))
                        .isEqualTo(own + String.join(";" + own, WAYS.keySet()) + ";caller after"));
        await()
            .untilAsserted(
                () -> assertThat(written(scheme + ".completed")).isEqualTo(own + "onCompletion"));
      }
    }
  }

  @Test
  void whatACalledRouteLeavesIsTheSameFromAnotherFileAsFromItsOwn() {
    Map<String, String> endings =
        Map.of(
            "changes",
            """
                    - setBody: { constant: changed }
                    - setHeader: { name: added, constant: header }
                    - removeHeader: { name: gone }
                    - setProperty: { name: added, constant: property }
                    - removeProperty: { name: gone }
                    - setVariable: { name: added, constant: variable }
                    - removeVariable: { name: gone }
                    - split: { constant: "a,b", steps: [ { log: "${body}" } ] }
                    - doTry: { steps: [ { throwException: { exceptionType: java.io.IOException, message: x } } ], doCatch: [ { exception: [ java.io.IOException ], steps: [ { log: x } ] } ] }
            """,
            "stops",
            "        - stop: {}\n",
            "marks",
            "        - rollback: { markRollbackOnly: true }\n",
            "fails",
            "        - throwException: { exceptionType: java.io.IOException, message: x }\n",
            "handled",
            "        - throwException: { exceptionType: java.lang.IllegalStateException, message: x }\n",
            "queues",
            "        - to: seda:queue-WHERE\n");
    String queue =
        """
        - onException:
            exception: [java.lang.IllegalStateException]
            handled: { constant: "true" }
            steps: [ { log: handled } ]
        - route:
            id: queue-WHERE
            from:
              uri: seda:queue-WHERE
              parameters: { pollTimeout: 50 }
              steps:
                - throwException: { exceptionType: java.io.IOException, message: queued }
        """;
    try (Site site = site()) {
      StringBuilder alone = new StringBuilder(queue.replace("WHERE", "alone"));
      StringBuilder apart = new StringBuilder(queue.replace("WHERE", "apart"));
      StringBuilder callers = new StringBuilder();
      endings.forEach(
          (name, steps) -> {
            alone.append(caller(name, "alone")).append(called(name, "alone", steps));
            apart.append(called(name, "apart", steps));
            callers.append(caller(name, "apart"));
          });
      site.route("alone.camel.yaml", alone.toString())
          .route("apart.camel.yaml", apart.toString())
          .route("callers.camel.yaml", callers.toString())
          .start();
      assertThat(site.server().routeFiles())
          .allSatisfy(file -> assertThat(file.problem()).isNull());

      site.post("push", "guid-1", "{}");

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(outcomes(site))
                      .hasSize(2 * endings.size())
                      .allSatisfy(
                          (route, end) -> assertThat(end).matches("completed|dead-letter")));
      for (String ending : endings.keySet()) {
        assertThat(outcomes(site).get(ending + "-apart"))
            .as(ending)
            .isEqualTo(outcomes(site).get(ending + "-alone"));
        assertThat(written(ending + "-apart")).as(ending).isEqualTo(written(ending + "-alone"));
      }
      assertThat(written("changes-apart"))
          .isEqualTo("changed header- property- variable- push  java.io.IOException: x");
      assertThat(outcomes(site)).containsEntry("queues-apart", "dead-letter");
    }
  }

  private static String caller(String name, String where) {
    return """
        - route:
            id: NAME-WHERE
            from:
              uri: github-webhook:push
              parameters: { maxAttempts: 1 }
              steps:
                - setHeader: { name: gone, constant: not }
                - setProperty: { name: gone, constant: not }
                - setVariable: { name: gone, constant: not }
                - to: direct:NAME-WHERE
                - setBody: { simple: "${body} ${header.added}-${header.gone} ${exchangeProperty.added}-${exchangeProperty.gone} ${variable.added}-${variable.gone} ${header.X-GitHub-Event} ${exchangeProperty.CamelSplitComplete} ${exchangeProperty.CamelExceptionCaught}" }
                - to: file:{{test.directory}}?fileName=NAME-WHERE
        """
        .replace("NAME", name)
        .replace("WHERE", where);
  }

  private static String called(String name, String where, String steps) {
    return """
        - route:
            id: called-NAME-WHERE
            from:
              uri: direct:NAME-WHERE
              steps:
        """
            .replace("NAME", name)
            .replace("WHERE", where)
        + steps.replace("WHERE", where);
  }

  private Site site() {
    return new Site(directory).set("test.directory", directory.resolve("out").toString());
  }

  private static Map<String, String> outcomes(Site site) {
    Map<String, String> outcomes = new TreeMap<>();
    site
        .json("/api/deliveries")
        .getJsonArray("deliveries")
        .getJsonObject(0)
        .getJsonArray("outcomes")
        .stream()
        .map(JsonObject.class::cast)
        .forEach(
            outcome -> outcomes.put(outcome.getString("subscription"), outcome.getString("state")));
    return outcomes;
  }

  private String written(String file) {
    try {
      return Files.readString(directory.resolve("out").resolve(file));
    } catch (IOException e) {
      return "";
    }
  }
}
