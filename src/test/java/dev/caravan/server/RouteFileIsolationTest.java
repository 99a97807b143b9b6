package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in one route file is no business of the others, whatever it is. */
class RouteFileIsolationTest {
  /** Files whose names come before the others', each of which changes what it can. */
  private static final Map<String, String> NEIGHBOURS =
      Map.ofEntries(
          Map.entry(
              "a-error-handler.camel.yaml",
              """
              - errorHandler:
                  deadLetterChannel:
                    deadLetterUri: log:swallowed
              """),
          Map.entry(
              "a-intercept-send.camel.yaml",
              """
              - interceptSendToEndpoint:
                  uri: "file:*"
                  skipSendToOriginalEndpoint: "true"
                  steps:
                    - log: "not sent"
              """),
          Map.entry(
              "a-intercept-from.camel.yaml",
              """
              - interceptFrom:
                  uri: "github-webhook:*"
                  steps:
                    - stop: {}
              """),
          Map.entry(
              "a-intercept.camel.yaml",
              """
              - intercept:
                  steps:
                    - stop: {}
              """),
          Map.entry(
              "a-on-exception.camel.yaml",
              """
              - onException:
                  exception: [java.lang.Exception]
                  handled: { constant: "true" }
                  steps:
                    - log: "handled"
              """),
          Map.entry(
              "a-on-completion.camel.yaml",
              """
              - onCompletion:
                  steps:
                    - to: file:{{test.directory}}?fileName=completed.txt&fileExist=Append
              """),
          Map.entry(
              "a-route-configuration.camel.yaml",
              """
              - routeConfiguration:
                  onException:
                    - onException:
                        exception: [java.lang.Exception]
                        handled: { constant: "true" }
                        steps:
                          - log: "handled"
              """),
          Map.entry(
              "a-beans.camel.yaml",
              """
              - beans:
                  - name: theirs
                    type: java.util.ArrayList
                  - name: file
                    type: org.apache.camel.component.log.LogComponent
                  - name: appendToLog
                    type: java.util.ArrayList
                  - name: deliveryLog
                    type: java.util.ArrayList
              """),
          Map.entry(
              "a-rest.camel.yaml",
              """
              - restConfiguration:
                  component: nosuch
                  port: 1
              """));

  private static final String JAVA =
      """
      import org.apache.camel.Exchange;
      import org.apache.camel.builder.RouteBuilder;
      import org.apache.camel.component.file.FileComponent;

      public class Neighbour extends RouteBuilder {
        @Override
        public void configure() throws Exception {
          errorHandler(deadLetterChannel("log:swallowed"));
          interceptSendToEndpoint("file:*").skipSendToOriginalEndpoint().log("not sent");
          onException(Exception.class).handled(true);
          var context = getContext();
          context.getCamelContextExtension().setErrorHandlerFactory(deadLetterChannel("log:x"));
          context.setAutoStartup(false);
          context.setMessageHistory(true);
          context.getGlobalOptions().put(Exchange.LOG_EIP_NAME, "neighbour");
          context.getRegistry().bind("theirs", new java.util.ArrayList<String>());
          context.getCamelContextExtension().addInterceptStrategy(
              (c, node, target, next) -> exchange -> { throw new IllegalStateException("mine"); });
          context.removeComponent("file");
          from("github-webhook:push").routeId("java-neighbour").log("a");
        }
      }
      """;

  private static final String OTHERS =
      """
      - route:
          id: fails
          from:
            uri: github-webhook:push
            parameters: { maxAttempts: 1 }
            steps:
              - throwException: { exceptionType: java.lang.IllegalStateException, message: "no" }
      - route:
          id: sends
          from:
            uri: github-webhook:push
            parameters: { maxAttempts: 1 }
            steps:
              - setBody: { simple: "${header.X-GitHub-Delivery} " }
              - to: file:{{test.directory}}?fileName=sent.txt&fileExist=Append
      - route:
          id: has-no-bean
          from:
            uri: github-webhook:push
            parameters: { maxAttempts: 1 }
            steps:
              - choice:
                  when:
                    - simple: "${ref:theirs} != null"
                      steps:
                        - throwException: { exceptionType: java.lang.IllegalStateException, message: "theirs" }
      """;

  @TempDir Path directory;

  @Test
  void whateverIsInAFileItChangesNoRouteOfAnotherBeforeOrAfterItIsGone() throws Exception {
    try (Site site =
        new Site(directory).set("test.directory", directory.resolve("out").toString())) {
      NEIGHBOURS.forEach(
          (file, text) ->
              site.route(
                  file, text + Site.route(file.replace(".camel.yaml", ""), "push", "log: a")));
      site.route("Neighbour.java", JAVA);
      site.route("others.camel.yaml", OTHERS);
      site.start();
      assertThat(site.server().routeFiles())
          .filteredOn(file -> file.name().equals("others.camel.yaml"))
          .singleElement()
          .satisfies(file -> assertThat(file.routes()).contains("fails", "sends", "has-no-bean"));
      othersAreAsEver(site, "before");
      Instant started = Instant.now();

      for (String file : NEIGHBOURS.keySet()) {
        Files.delete(directory.resolve("routes").resolve(file));
      }
      Files.delete(directory.resolve("routes/Neighbour.java"));
      site.route("others.camel.yaml", OTHERS + "# edited\n");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  site.server().routeFiles().size() == 1
                      && site.server().routeFiles().get(0).since().isAfter(started));
      othersAreAsEver(site, "after");
    }
  }

  @Test
  void aFilesOwnErrorHandlingTemplatesAndBeansWorkInItAndFollowItsVersions() throws Exception {
    String file =
        """
        - routeConfiguration:
            onException:
              - onException:
                  exception: [java.lang.IllegalStateException]
                  handled: { constant: "true" }
                  steps:
                    - bean: { ref: list, method: size }
                    - setBody: { simple: "${body} handled;" }
                    - to: file:{{test.directory}}?fileName=sent.txt&fileExist=Append
        - beans:
            - name: list
              type: java.util.LIST
        - routeTemplate:
            id: throwing
            parameters:
              - name: events
            from:
              uri: "github-webhook:{{events}}"
              steps:
                - throwException: { exceptionType: java.lang.IllegalStateException, message: "no" }
        - templatedRoute:
            routeTemplateRef: throwing
            routeId: made
            parameters:
              - name: events
                value: push
        """;
    try (Site site =
        new Site(directory).set("test.directory", directory.resolve("out").toString())) {
      site.route("a.camel.yaml", file.replace("LIST", "ArrayList"));
      site.start();
      assertThat(site.server().routeFiles().get(0).problem()).isNull();
      site.post("push", "guid-1", "{}");
      await()
          .untilAsserted(() -> assertThat(outcome(site, "guid-1", "made")).isEqualTo("completed"));
      assertThat(sent()).isEqualTo("0 handled;");

      Instant started = Instant.now();
      site.route("a.camel.yaml", file.replace("LIST", "HashSet").replace("handled;", "anew;"));
      await().until(() -> site.server().routeFiles().get(0).since().isAfter(started));
      site.post("push", "guid-2", "{}");

      await()
          .untilAsserted(() -> assertThat(outcome(site, "guid-2", "made")).isEqualTo("completed"));
      assertThat(sent()).isEqualTo("0 handled;0 anew;");
    }
  }

  @Test
  void aRouteCallsOneOfAnotherFileByNameAndTheOtherMayBeReplaced() throws Exception {
    String worker =
        """
        - route:
            id: worker
            from:
              uri: direct:worker
              steps:
                - to: seda:writer
        """;
    String writer =
        """
        - route:
            id: writer
            from:
              uri: seda:writer
              parameters: { pollTimeout: 50 }
              steps:
                - setBody: { simple: "${header.X-GitHub-Delivery} NEW;" }
                - to: file:{{test.directory}}?fileName=sent.txt&fileExist=Append
        """;
    try (Site site =
        new Site(directory).set("test.directory", directory.resolve("out").toString())) {
      site.route("a.camel.yaml", Site.route("calls", "push", "to: direct:worker"));
      site.route("b.camel.yaml", worker);
      site.route("c.camel.yaml", writer.replace("NEW", "one"));
      site.start();
      site.post("push", "guid-1", "{}");
      await()
          .untilAsserted(() -> assertThat(outcome(site, "guid-1", "calls")).isEqualTo("completed"));
      assertThat(sent()).isEqualTo("guid-1 one;");

      Instant started = Instant.now();
      site.route("b.camel.yaml", worker + "# edited\n");
      site.route("c.camel.yaml", writer.replace("NEW", "two"));
      site.route("d.camel.yaml", writer.replace("id: writer", "id: thief"));
      await()
          .until(
              () ->
                  site.server().routeFiles().size() == 4
                      && site.server().routeFiles().stream()
                          .skip(1)
                          .allMatch(file -> file.since().isAfter(started)));
      site.post("push", "guid-2", "{}");

      await()
          .untilAsserted(() -> assertThat(outcome(site, "guid-2", "calls")).isEqualTo("completed"));
      assertThat(sent()).isEqualTo("guid-1 one;guid-2 two;");
      assertThat(site.server().routeFiles().get(3).problem())
          .hasToString(
              "line 4: seda:writer is read by a route of another file already. Give one of the two queues another name");
    }
  }

  private void othersAreAsEver(Site site, String guid) {
    assertThat(site.post("push", guid, "{}")).isEqualTo(202);

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(outcome(site, guid, "fails")).isEqualTo("dead-letter");
              assertThat(outcome(site, guid, "sends")).isEqualTo("completed");
              assertThat(outcome(site, guid, "has-no-bean")).isEqualTo("completed");
            });
    assertThat(sent()).contains(guid);
  }

  private static String outcome(Site site, String guid, String subscription) {
    JsonObject delivery =
        site.json("/api/deliveries").getJsonArray("deliveries").stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("guid").equals(guid))
            .findFirst()
            .orElseThrow();
    return delivery.getJsonArray("outcomes").stream()
        .map(JsonObject.class::cast)
        .filter(outcome -> outcome.getString("subscription").equals(subscription))
        .map(outcome -> outcome.getString("state"))
        .findFirst()
        .orElse("none");
  }

  private String sent() {
    try {
      return Files.readString(directory.resolve("out/sent.txt"));
    } catch (IOException e) {
      return "";
    }
  }
}
