package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.logging.LogFormat;
import dev.caravan.logging.PrintedLog;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace from the sender's request through the log into the routes, as a collector gets it. */
class TracingTest {
  private static final String SENDERS_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SENDERS_SPAN = "00f067aa0ba902b7";
  private static final String TRACEPARENT = "00-" + SENDERS_TRACE + "-" + SENDERS_SPAN + "-01";
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.metrics.exporter", "otlp",
          "otel.metric.export.interval", "100",
          "otel.blrp.schedule.delay", "50",
          "otel.bsp.schedule.delay", "50");

  @TempDir Path directory;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<LogRecord> lines = new CopyOnWriteArrayList<>();
  private final Map<String, Metric> metrics = new ConcurrentHashMap<>(); // the newest of a name
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private HttpServer collector;
  private HttpServer destination;

  /**
   * OpenTelemetry has one place for each process, and whoever asks first decides what is there: a
   * check of Camel's own key, in another class, leaves nothing that traces.
   */
  @BeforeEach
  void forgetWhatOthersHaveTraced() {
    GlobalOpenTelemetry.resetForTest();
  }

  @BeforeEach
  void start() throws IOException {
    collector = server();
    collect(
        "/v1/traces",
        body ->
            ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .forEach(scope -> spans.addAll(scope.getSpansList())));
    collect(
        "/v1/logs",
        body ->
            ExportLogsServiceRequest.parseFrom(body).getResourceLogsList().stream()
                .flatMap(resource -> resource.getScopeLogsList().stream())
                .forEach(scope -> lines.addAll(scope.getLogRecordsList())));
    collect(
        "/v1/metrics",
        body ->
            ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList().stream()
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .forEach(metric -> metrics.put(metric.getName(), metric)));
    destination = server();
    destination.createContext(
        "/",
        exchange -> {
          calls.add(exchange.getRequestHeaders().getFirst("traceparent"));
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(calls.size() == 1 ? 500 : 200, -1);
          exchange.close();
        });
    PROPERTIES.forEach(System::setProperty);
    System.setProperty("otel.exporter.otlp.endpoint", url(collector));
  }

  @AfterEach
  void stop() {
    PROPERTIES.keySet().forEach(System::clearProperty);
    System.clearProperty("otel.exporter.otlp.endpoint");
    collector.stop(0);
    destination.stop(0);
  }

  @Test
  void theTraceOfTheSenderGoesThroughTheLogIntoTheRouteAndItsCallsAndRetriesAreLinked() {
    try (Site site = site()) {
      site.start();
      assertThat(site.postTraced(TRACEPARENT, "push", "1", payload())).isEqualTo(202);
      await().until(() -> spans.stream().anyMatch(span -> span.getName().equals("receive push")));
    }
    Span received = only("receive push");
    assertThat(hex(received.getTraceId().toByteArray())).isEqualTo(SENDERS_TRACE);
    assertThat(hex(received.getParentSpanId().toByteArray())).isEqualTo(SENDERS_SPAN);
    assertThat(received.getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);

    try (PrintedLog json = new PrintedLog(LogFormat.JSON);
        Site site = site()) { // another run of the program: the context is in the log
      site.route("ci.camel.yaml", route()).start();
      await().until(() -> attempts().size() == 2);
      await().until(() -> spans.stream().filter(span -> isCall(span)).count() == 2);
      await().until(() -> linesOf("about to call").size() == 2);
      String first = hex(attempts().get(0).getSpanId().toByteArray());
      assertThat(json.of("about to call"))
          .contains("\"trace_id\":\"" + SENDERS_TRACE + "\",\"span_id\":\"" + first + "\"");
      await().until(() -> metrics.keySet().containsAll(scraped(site)));
      await().ignoreExceptions().untilAsserted(() -> assertMetricsAreThoseOf(site));
    }
    Span first = attempts().get(0);
    assertThat(first.getTraceId()).isEqualTo(received.getTraceId());
    assertThat(first.getParentSpanId()).isEqualTo(received.getSpanId());
    assertThat(first.getKind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
    assertThat(first.getStatus().getCodeValue()).as("an error").isEqualTo(2);
    assertThat(attributes(first))
        .containsEntry("github.delivery", "1")
        .containsEntry("github.event", "push")
        .containsEntry("github.repository", "acme/rocket")
        .containsEntry("caravan.subscription", "ci")
        .containsEntry("caravan.attempt", "1");

    LogRecord line = linesOf("about to call").get(0);
    assertThat(line.getTraceId()).isEqualTo(first.getTraceId());
    assertThat(line.getSpanId()).isEqualTo(first.getSpanId());
    assertThat(line.getSeverityText()).isEqualTo("INFO");
    assertThat(line.getAttributesList())
        .anyMatch(
            each ->
                each.getKey().equals("github.delivery")
                    && each.getValue().getStringValue().equals("1"));

    Span retry = attempts().get(1);
    assertThat(retry.getTraceId()).isNotEqualTo(received.getTraceId());
    assertThat(retry.getLinks(0).getTraceId()).isEqualTo(received.getTraceId());
    assertThat(retry.getLinks(0).getSpanId()).isEqualTo(received.getSpanId());
    assertThat(attributes(retry)).containsEntry("caravan.attempt", "2");

    assertThat(calls.get(0)).contains(SENDERS_TRACE);
    assertThat(calls.get(1)).contains(hex(retry.getTraceId().toByteArray()));
  }

  @Test
  void withoutTheSettingNothingIsTracedAndNothingIsAddedToCalls() {
    try (Site site = site().set("caravan.tracing", "off").route("ci.camel.yaml", route()).start()) {
      site.postTraced(TRACEPARENT, "push", "1", payload());
      await().until(() -> calls.size() == 2);
    }
    assertThat(calls).containsOnlyNulls();
    assertThat(spans).isEmpty();
  }

  /** The names that a scrape has, as OpenTelemetry's are. */
  private static List<String> scraped(Site site) {
    return site.get("/observe/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" ", 4)[2].replaceFirst("_total$", ""))
        .toList();
  }

  /** Some of each kind, and with the same values where these stand still. */
  private void assertMetricsAreThoseOf(Site site) {
    Scrape scrape = Scrape.of(site.get("/observe/metrics").body());
    assertThat(metrics.get("caravan_accepted").getSum().getDataPoints(0).getAsDouble())
        .isEqualTo(scrape.value("caravan_accepted_total"))
        .isEqualTo(1);
    assertThat(metrics.get("caravan_accepted").getSum().getIsMonotonic()).isTrue();
    assertThat(metrics.get("caravan_refused").getSum().getDataPointsList())
        .anyMatch(
            point ->
                point.getAttributes(0).getKey().equals("reason")
                    && point.getAttributes(0).getValue().getStringValue().equals("signature"));
    HistogramDataPoint attempts =
        metrics.get("caravan_subscription_attempt_seconds").getHistogram().getDataPoints(0);
    assertThat(attempts.getCount()).isEqualTo(2);
    assertThat(attempts.getBucketCountsCount()).isEqualTo(attempts.getExplicitBoundsCount() + 1);
    assertThat(metrics).containsKey("jvm_memory_used_bytes");
  }

  private static String payload() {
    return "{\"repository\":{\"full_name\":\"acme/rocket\",\"owner\":{\"login\":\"acme\"}}}";
  }

  private Site site() {
    return new Site(directory).set("caravan.tracing", "opentelemetry");
  }

  private String route() {
    return """
    - route:
        id: ci
        from:
          uri: github-webhook:push
          parameters: { startFrom: beginning, retryDelay: 10ms, maxAttempts: 3 }
          steps:
            - log: about to call
            - to: %s
    """
        .formatted(url(destination));
  }

  private List<LogRecord> linesOf(String text) {
    return lines.stream().filter(line -> line.getBody().getStringValue().equals(text)).toList();
  }

  private List<Span> attempts() {
    return spans.stream().filter(span -> span.getName().equals("deliver to ci")).toList();
  }

  private static boolean isCall(Span span) {
    return span.getKind() == SpanKind.SPAN_KIND_CLIENT
        || attributes(span).getOrDefault("component", "").contains("http");
  }

  private Span only(String name) {
    List<Span> found = spans.stream().filter(span -> span.getName().equals(name)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(
            java.util.stream.Collectors.toMap(
                KeyValue::getKey,
                each ->
                    each.getValue().hasIntValue()
                        ? String.valueOf(each.getValue().getIntValue())
                        : each.getValue().getStringValue()));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** What is sent to the collector. */
  @FunctionalInterface
  private interface Reader {
    void read(InputStream body) throws IOException;
  }

  private void collect(String path, Reader reader) {
    collector.createContext(
        path,
        exchange -> {
          InputStream body = exchange.getRequestBody();
          boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
          reader.read(zipped ? new GZIPInputStream(body) : body);
          exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://localhost:" + server.getAddress().getPort();
  }
}
