package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedRouteTest {
  @TempDir Path directory;

  @Test
  void aLastAttemptThatHangsInAReplacedRouteRunsAgainInTheNewOne() {
    try (Site site = new Site(directory).set("caravan.stop-timeout", "1s")) {
      site.route("deploy.camel.yaml", Site.route("deploy", "push", "delay: { constant: 600000 }"));
      site.start();
      assertThat(site.post("push", "guid-1", "{\"ref\":\"refs/heads/main\"}")).isEqualTo(202);
      await().until(() -> site.json("/api/routes").encode().contains("\"inWork\":1"));

      site.route(
          "deploy.camel.yaml", Site.route("deploy", "push", "setBody: { simple: \"done\" }"));

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(site.json("/api/routes").encode())
                      .contains("\"inWork\":0", "\"due\":0", "\"lag\":0", "\"deadLetters\":0"));
    }
  }

  @Test
  void whatWaitsInAQueueBehindARouteIsFinishedOnceBeforeTheRouteIsReplaced() throws Exception {
    replacedUnderWork("seda:work", "delay: { constant: 1500 }", "log: queued");
  }

  @Test
  void theFilesOtherRoutesRunUntilTheReplacedOnesWorkIsFinished() throws Exception {
    replacedUnderWork("direct:work", "log: working", "delay: { constant: 3000 }");
  }

  @Test
  void twoFilesExchangeTheirSubscriptions() {
    try (Site site = new Site(directory)) {
      site.route("a.camel.yaml", subscribed("a", "one"));
      site.route("b.camel.yaml", subscribed("b", "two"));
      site.start();

      site.route("a.camel.yaml", subscribed("a", "two"));
      site.route("b.camel.yaml", subscribed("b", "three"));

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(site.json("/api/routes").encode())
                      .contains("\"subscription\":\"two\"", "\"subscription\":\"three\"")
                      .doesNotContain("\"subscription\":\"one\""));
      assertThat(site.server().routeFiles())
          .allSatisfy(file -> assertThat(file.problem()).isNull());
    }
  }

  private static String subscribed(String id, String subscription) {
    return Site.route(id, "push", "log: taken")
        .replace("maxAttempts: 1", "subscription: " + subscription);
  }

  /** Both routes in one file, that of the work first; it is edited while deliveries are in work. */
  private void replacedUnderWork(String work, String working, String before) throws Exception {
    Path done = directory.resolve("done.txt");
    String worker =
        """
        - route:
            id: worker
            from:
              uri: %s
              steps:
                - %s
                - setBody: { simple: "${header.X-GitHub-Delivery}" }
                - to: file:%s?fileName=done.txt&fileExist=Append&appendChars=\\n
        """
            .formatted(work, working, directory);
    String deploy =
        Site.route("deploy", "push", before).replace("1 }", "1, orderBy: none }")
            + "        - to: "
            + work
            + "\n";
    try (Site site = new Site(directory)) {
      site.route("deploy.camel.yaml", worker + deploy);
      site.start();
      for (int number = 0; number < 3; number++) {
        assertThat(site.post("push", "guid-" + number, "{}")).isEqualTo(202);
      }
      await().until(() -> !site.json("/api/routes").encode().contains("\"inWork\":0"));
      Instant started = site.server().routeFiles().get(0).since();

      site.route("deploy.camel.yaml", worker + deploy + "# edited\n");

      await()
          .atMost(Duration.ofSeconds(15)) // less than a stop waits for what hangs
          .until(() -> site.server().routeFiles().get(0).since().isAfter(started));
      assertThat(site.server().routeFiles().get(0).problem()).isNull();
      await()
          .untilAsserted(
              () ->
                  assertThat(site.json("/api/routes").encode())
                      .contains("\"inWork\":0", "\"due\":0", "\"lag\":0", "\"deadLetters\":0"));
      assertThat(Files.readAllLines(done)).containsExactlyInAnyOrder("guid-0", "guid-1", "guid-2");
    }
  }
}
