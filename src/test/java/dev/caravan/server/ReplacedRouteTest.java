package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedRouteTest {
  @TempDir Path directory;

  @Test
  void whatHangsInARouteThatIsReplacedRunsInTheNewOneThoughItWasItsLastAttempt() {
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
}
