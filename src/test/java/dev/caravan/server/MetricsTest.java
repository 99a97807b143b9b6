package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /observe/metrics} of a server that has seen traffic. */
class MetricsTest {
  private static final String FAILS =
      "throwException: { exceptionType: java.lang.IllegalStateException, message: no such branch }";

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void start() {
    site =
        new Site(directory)
            .route("ci.camel.yaml", Site.route("ci", "push", "log: \"done\""))
            .route("failing.camel.yaml", Site.route("failing", "push", FAILS))
            .route("broken.camel.yaml", Site.route("broken", "push", "nosuchstep: {}"))
            .start();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void theMetricsAreInPrometheussTextFormat() {
    HttpResponse<String> answer = site.get("/observe/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(answer.body())
        .contains("# TYPE caravan_accepted_total counter")
        .contains("# TYPE caravan_append_seconds histogram")
        .contains("caravan_build_info{")
        .contains("camel=\"4.18.0\"")
        .contains("jvm_memory_used_bytes{")
        .contains("process_cpu_usage")
        .contains("process_start_time_seconds");
    assertThat(answer.body()).doesNotContain(Site.SECRET);
  }

  @Test
  void whatIsAcceptedAndWhatIsRefusedIsCounted() {
    site.post("push", "1", "{}");
    site.post("push", "1", "{}");
    site.post("push", "1", "{\"other\":1}");
    site.post("push", "2", "{}", "another secret");
    site.post("no event!", "3", "{}");

    Scrape scrape = scrape();
    assertThat(scrape.value("caravan_accepted_total")).isEqualTo(3);
    assertThat(scrape.value("caravan_refused_total{reason=\"signature\"}")).isEqualTo(1);
    assertThat(scrape.value("caravan_refused_total{reason=\"malformed\"}")).isEqualTo(1);
    assertThat(scrape.value("caravan_refused_total{reason=\"busy\"}")).isZero();
    assertThat(scrape.value("caravan_repeats_total{payload=\"same\"}")).isEqualTo(1);
    assertThat(scrape.value("caravan_repeats_total{payload=\"different\"}")).isEqualTo(1);
    assertThat(scrape.value("caravan_copies_total")).isZero();
    assertThat(scrape.value("caravan_append_seconds_count")).isEqualTo(3);
    assertThat(scrape.value("caravan_append_seconds_bucket{le=\"+Inf\"}")).isEqualTo(3);
    assertThat(scrape.value("caravan_flush_deliveries_sum")).isEqualTo(3);
    assertThat(scrape.value("caravan_secret_verified_total{secret=\"test\"}")).isEqualTo(3);
    assertThat(scrape.value("caravan_secret_last_used_timestamp_seconds{secret=\"test\"}"))
        .isBetween(Instant.now().getEpochSecond() - 60.0, Instant.now().getEpochSecond() + 60.0);
    assertThat(scrape.value("caravan_hook_last_event_timestamp_seconds{hook=\"4711\"}"))
        .isBetween(Instant.now().getEpochSecond() - 60.0, Instant.now().getEpochSecond() + 60.0);
  }

  @Test
  void theMetricsSayWhetherTheLogCanBeWrittenAndItsSize() {
    Scrape scrape = scrape();

    assertThat(scrape.value("caravan_log_writable")).isEqualTo(1);
    assertThat(scrape.value("caravan_flush_failures_total")).isZero();
    assertThat(scrape.value("caravan_log_size_bytes")).isPositive();
    assertThat(scrape.value("caravan_log_retention_bytes")).isEqualTo(10.0 * (1L << 30));
    assertThat(scrape.value("caravan_disk_free_bytes")).isPositive();
  }

  @Test
  void attemptsAreCountedForEachSubscription() {
    site.post("push", "1", "{}");

    await()
        .untilAsserted(
            () -> {
              Scrape scrape = scrape();
              String failing = "{subscription=\"failing\"}";
              assertThat(scrape.value("caravan_subscription_attempt_seconds_count" + failing))
                  .isEqualTo(1);
              assertThat(scrape.value("caravan_subscription_failures_total" + failing))
                  .isEqualTo(1);
              assertThat(scrape.value("caravan_subscription_dead_lettered_total" + failing))
                  .isEqualTo(1);
              assertThat(scrape.value("caravan_subscription_dead_letters" + failing)).isEqualTo(1);
              String ci = "{subscription=\"ci\"}";
              assertThat(scrape.value("caravan_subscription_attempt_seconds_count" + ci))
                  .isEqualTo(1);
              assertThat(scrape.value("caravan_subscription_failures_total" + ci)).isZero();
              assertThat(scrape.value("caravan_subscription_lag_deliveries" + ci)).isZero();
              assertThat(scrape.value("caravan_subscription_lag_seconds" + ci)).isZero();
              assertThat(scrape.value("caravan_subscription_due" + ci)).isZero();
              assertThat(scrape.value("caravan_subscription_in_work" + ci)).isZero();
              assertThat(scrape.value("caravan_subscription_running" + ci)).isEqualTo(1);
              assertThat(scrape.value("caravan_subscription_paused" + ci)).isZero();
            });
  }

  @Test
  void aBrokenRouteFileIsCounted() {
    Scrape scrape = scrape();

    assertThat(scrape.value("caravan_route_files{status=\"loaded\"}")).isEqualTo(2);
    assertThat(scrape.value("caravan_route_files{status=\"broken\"}")).isEqualTo(1);
  }

  private Scrape scrape() {
    return Scrape.of(site.get("/observe/metrics").body());
  }
}
