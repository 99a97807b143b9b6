package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /observe/info}: what runs, and with which settings. */
class InfoTest {
  @TempDir Path directory;

  @Test
  void theInfoHasTheVersionTheStartAndTheNumberOfRoutes() {
    try (Site site = new Site(directory)) {
      site.route("ci.camel.yaml", Site.route("ci", "push", "log: \"done\"")).start();

      JsonObject info = info(site);

      assertThat(info.getString("version")).matches("\\d+\\.\\d+\\.\\d+.*");
      assertThat(info.getString("camel")).isEqualTo("4.18.0");
      assertThat(info.getString("java")).isEqualTo(System.getProperty("java.version"));
      assertThat(info.getInstant("startedAt"))
          .isBetween(Instant.now().minusSeconds(60), Instant.now());
      assertThat(info.getInteger("routes")).isEqualTo(1);
      assertThat(info.getInteger("subscriptions")).isEqualTo(1);
    }
  }

  @Test
  void itShowsTheSettingsThatAreKnownToHoldNoSecret() {
    try (Site site = new Site(directory)) {
      site.set("caravan.secret", "hidden-1")
          .set("caravan.secrets.one", "hidden-2")
          .set("camel.component.kafka.sasl-jaas-config", "hidden-3")
          .set("my.own.key", "hidden-4")
          .set(
              "caravan.github-meta",
              "https://hidden-5:hidden-6@hidden-7@api.example/meta?key=hidden-8")
          .set("caravan.retention.age", "3d")
          .start();

      JsonObject settings = info(site).getJsonObject("settings");

      assertThat(settings.getString("caravan.retention.age")).isEqualTo("3d");
      assertThat(settings.getString("caravan.dedupe")).isEqualTo("guid");
      assertThat(settings.getString("caravan.github-meta"))
          .isEqualTo("https://***@api.example/meta?***");
      assertThat(settings.fieldNames())
          .contains("caravan.secrets-directory")
          .doesNotContain("caravan.secret", "caravan.management.token", "my.own.key");
      assertThat(site.get("/observe/info").body())
          .doesNotContain("hidden")
          .doesNotContain(Site.SECRET);
    }
  }

  private static JsonObject info(Site site) {
    return new JsonObject(site.get("/observe/info").body());
  }
}
