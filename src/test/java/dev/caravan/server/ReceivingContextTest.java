package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a user writes for Camel reaches the route that receives deliveries. */
class ReceivingContextTest {
  private static final List<String> NAMES =
      List.of(
          "hookEngine",
          "platform-http-engine",
          "platform-http",
          "limitPayload",
          "verifySignature",
          "readDelivery",
          "checkScope",
          "limitExpansion",
          "appendToLog",
          "answerFailure",
          "reportUnexpected",
          "deliveryLog");

  @TempDir Path directory;

  @Test
  void noBeanOfAUserTakesThePlaceOfOneThatReceives() {
    try (Site site = new Site(directory)) {
      StringBuilder beans = new StringBuilder("- beans:\n");
      for (String name : NAMES) {
        site.set("camel.beans." + name, "#class:java.util.ArrayList");
        beans.append("    - name: %s\n      type: java.util.ArrayList\n".formatted(name));
      }
      site.route("a.camel.yaml", beans + Site.route("a", "push", "log: a"));
      site.start();

      receives(site);
    }
  }

  @Test
  void noSettingOfCamelReachesIt() {
    try (Site site = new Site(directory)) {
      site.set("camel.main.auto-startup", "false")
          .set("camel.main.route-filter-exclude-pattern", "*")
          .set("camel.main.stream-caching-enabled", "true")
          .set("camel.main.tracing", "true")
          .set("camel.main.message-history", "true")
          .set("camel.main.exchange-factory", "pooled")
          .set("camel.main.inflight-repository-browse-enabled", "true")
          .set("camel.component.platform-http.handle-write-response-error", "true")
          .set("camel.component.platform-http.server-request-validation", "false");
      site.route("a.camel.yaml", Site.route("a", "push", "log: a"));
      site.start();

      receives(site);
    }
  }

  private static void receives(Site site) {
    assertThat(site.post("push", "forged", "{}", "another secret")).isEqualTo(403);
    assertThat(site.post("push", "guid-1", "{}")).isEqualTo(202);
    assertThat(site.json("/api/deliveries").encode()).contains("guid-1").doesNotContain("forged");
  }
}
