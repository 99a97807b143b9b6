package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.testing.PostgresServer;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real database that stops and starts under real posts: nothing that was answered is lost. */
class SpoolTest {
  private static final String TOKEN = "a token of this test only";

  @TempDir Path directory;

  private HttpResponse<String> body;
  private static PostgresServer database;

  private String schema;
  private Site site;

  @BeforeAll
  static void startDatabase() {
    database = PostgresServer.ownWithFsync();
  }

  @AfterAll
  static void stopDatabase() {
    if (database != null) { // else it is not installed
      database.close();
    }
  }

  @BeforeEach
  void start() {
    schema = database.newSchema();
    site =
        new Site(directory)
            .set("caravan.log", database.url())
            .set("caravan.log.schema", schema)
            .set("caravan.log.spool", "on")
            .set("caravan.log.spool.after", "500ms")
            .set("caravan.cluster.lease", "2s")
            .set("caravan.management.token", TOKEN)
            .route("ci.camel.yaml", Site.route("ci", "push", "log: \"done\""))
            .start();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void whatComesWhileTheDatabaseIsAwayIsTakenAndRunsOnceInOrderWhenItIsBack() throws Exception {
    List<String> guids = new ArrayList<>();
    post(guids, 5);
    assertThat(page("/subscriptions/ci")).contains("since the start of ");
    database.stop();
    post(guids, 40);

    assertThat(site.get("/observe/health/ready").statusCode()).isEqualTo(200);
    assertThat(site.get("/observe/health/ready").body()).contains("this machine's disk");
    assertThat(page("/overview")).contains("<h1>That did not work", "delivery log cannot be read");
    assertThat(page("/refused")).contains("refused requests of node");
    assertThat(metrics())
        .contains("caravan_spool_deliveries 40.0")
        .containsPattern("caravan_spool_oldest_seconds \\d");

    database.start();
    post(guids, 5); // while it is emptied, or after
    await().atMost(Duration.ofSeconds(20)).until(() -> ran() == guids.size());
    assertThat(inOrder()).isEqualTo(guids);
    assertThat(number("SELECT sum(repeats) FROM " + schema + ".delivery")).isZero();
    await().until(() -> !site.get("/observe/health/ready").body().contains("disk"));
    assertThat(metrics()).contains("caravan_spool_deliveries 0.0");
  }

  @Test
  void whatANodeKeptWhenItStoppedIsAppendedAfterItsNextStart() throws Exception {
    List<String> guids = new ArrayList<>();
    database.stop();
    post(guids, 10);
    site.close();
    assertThatThrownBy(
            () -> site.set("caravan.log", "sqlite").set("caravan.log.spool", "off").start())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("keeps deliveries for a PostgreSQL log");

    site.set("caravan.log", database.url());
    assertThatThrownBy(site::start).isInstanceOf(CannotStartException.class);

    database.start();
    site.start(); // appended though it is off by now
    await().atMost(Duration.ofSeconds(20)).until(() -> ran() == 10);
    assertThat(inOrder()).isEqualTo(guids);
    site.close();
    assertThat(Files.exists(site.data().resolve("spool/log.db"))).isFalse();
  }

  /** As somebody sees it who has logged in with a link of the server's. */
  private String page(String path) throws Exception {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();
    for (String uri : List.of(site.server().consoleUrl(), site.server().managementUrl() + path)) {
      body = browser.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }
    return body.body();
  }

  private String metrics() {
    return site.getAs(TOKEN, "/observe/metrics").body();
  }

  private void post(List<String> guids, int count) {
    for (int index = 0; index < count; index++) {
      String guid = "guid-" + guids.size();
      guids.add(guid);
      assertThat(site.post("push", guid, "{\"repository\":{\"full_name\":\"acme/rocket\"}}"))
          .as(guid)
          .isEqualTo(202);
    }
  }

  private long ran() throws SQLException {
    return number("SELECT count(*) FROM " + schema + ".attempt WHERE error IS NULL");
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = database.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private List<String> inOrder() throws SQLException {
    try (Connection connection = database.connect("caravan");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT convert_from(substr(guid, 2), 'UTF8') FROM "
                    + schema
                    + ".delivery ORDER BY position")) {
      List<String> guids = new ArrayList<>();
      while (row.next()) {
        guids.add(row.getString(1));
      }
      return guids;
    }
  }
}
