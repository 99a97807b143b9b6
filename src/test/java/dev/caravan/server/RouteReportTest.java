package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /api/routes}: what runs, and what became of the route files. */
class RouteReportTest {
  private static final String WORKS = "log: \"done\"";
  private static final String FAILS =
      "throwException: { exceptionType: java.lang.IllegalStateException, message: no such branch }";

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void start() {
    site =
        new Site(directory)
            .route("ci.camel.yaml", Site.route("ci", "push", WORKS))
            .route("failing.camel.yaml", Site.route("failing", "push", FAILS))
            .start();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void aRouteIsListedWithItsFileItsSubscriptionAndHowFarThatIs() {
    assertThat(site.post("push", "1", "{}")).isEqualTo(202);

    await()
        .untilAsserted(
            () -> {
              JsonObject failing = in("routes").getJsonObject(1);
              assertThat(failing.getString("id")).isEqualTo("failing");
              assertThat(failing.getString("file")).isEqualTo("failing.camel.yaml");
              assertThat(failing.getString("subscription")).isEqualTo("failing");
              assertThat(failing.getString("status")).isEqualTo("Started");
              assertThat(failing.getLong("lag")).isZero();
              assertThat(failing.getLong("deadLetters")).isEqualTo(1);
              assertThat(failing.getString("lastError")).contains("no such branch");
            });
    assertThat(in("routes").getJsonObject(0).getString("lastError")).isNull();
  }

  @Test
  void aRouteThatDoesNotBeginAtAWebhookHasNoSubscription() {
    site.route(
        "ci.camel.yaml",
        Site.route("ci", "push", WORKS)
            .replace("github-webhook:push", "direct:x")
            .replace("parameters: { maxAttempts: 1 }", "parameters: { }"));

    await()
        .untilAsserted(
            () -> {
              JsonObject route = in("routes").getJsonObject(0);
              assertThat(route.getString("id")).isEqualTo("ci");
              assertThat(route.getString("subscription")).isNull();
              assertThat(route.getLong("lag")).isNull();
            });
  }

  @Test
  void aFileHasTheTimeOfItsLoadAndABrokenOneItsProblemAndLine() {
    JsonObject before = in("files").getJsonObject(0);
    assertThat(before.getString("file")).isEqualTo("ci.camel.yaml");
    assertThat(before.getString("status")).isEqualTo("loaded");
    assertThat(before.getInstant("since")).isNotNull();
    assertThat(before.getJsonObject("problem")).isNull();

    site.route("ci.camel.yaml", Site.route("ci", "push", WORKS) + "   from: {");

    await()
        .untilAsserted(
            () -> {
              JsonObject broken = in("files").getJsonObject(0);
              assertThat(broken.getString("status")).isEqualTo("broken");
              assertThat(broken.getInstant("since")).isAfter(before.getInstant("since"));
              assertThat(broken.getJsonObject("problem").getInteger("line")).isEqualTo(8);
              assertThat(broken.getJsonObject("problem").getString("message")).isNotBlank();
            });
    assertThat(in("routes").getJsonObject(0).getString("file")).isEqualTo("ci.camel.yaml");
  }

  private JsonArray in(String part) {
    return site.json("/api/routes").getJsonArray(part);
  }
}
