package dev.caravan.tracing;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.Attempt;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.jspecify.annotations.Nullable;

/**
 * Traces by OpenTelemetry, configured by its own variables ({@code OTEL_EXPORTER_OTLP_ENDPOINT} and
 * so on). Loaded by its name, and only when tracing is on: its library comes with {@code lib/}.
 */
final class OpenTelemetryTraces implements Traces {
  private static final String AUTOMATIC = "otel.java.global-autoconfigure.enabled";
  private static final String SERVICE = "otel.service.name";

  private static final TextMapGetter<Map<String, String>> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
          return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String name) {
          return headers == null ? null : headers.get(name);
        }
      };

  private final Tracer tracer;

  OpenTelemetryTraces() {
    setUnlessSet(AUTOMATIC, "true");
    if (System.getenv("OTEL_SERVICE_NAME") == null) {
      setUnlessSet(SERVICE, "caravan");
    }
    OpenTelemetry openTelemetry = GlobalOpenTelemetry.get();
    tracer = openTelemetry.getTracer("dev.caravan");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  @Override
  public void traceIn(CamelContext context) {
    new OpenTelemetryTracer().init(context);
  }

  @Override
  public Taken take(Delivery delivery) {
    Context sender = contextOf(delivery);
    io.opentelemetry.api.trace.Span span =
        describe(
                tracer.spanBuilder("receive " + delivery.event()).setSpanKind(SpanKind.SERVER),
                delivery)
            .setParent(sender)
            .startSpan();
    Map<String, String> headers = new LinkedHashMap<>(delivery.headers());
    write(sender.with(span), headers::put);
    return new Taken(delivery.with(delivery.guid(), headers), new Open(span));
  }

  @Override
  public Span attempt(Attempt attempt, String subscription, BiConsumer<String, String> headers) {
    Delivery delivery = attempt.delivery();
    Context received = contextOf(delivery);
    SpanBuilder builder =
        describe(
                tracer.spanBuilder("deliver to " + subscription).setSpanKind(SpanKind.CONSUMER),
                delivery)
            .setAttribute("caravan.subscription", subscription)
            .setAttribute("caravan.attempt", attempt.number());
    if (attempt.number() == 1) {
      builder.setParent(received);
    } else {
      builder
          .setNoParent()
          .addLink(io.opentelemetry.api.trace.Span.fromContext(received).getSpanContext());
    }
    io.opentelemetry.api.trace.Span span = builder.startSpan();
    write(Context.root().with(span), headers);
    return new Open(span);
  }

  private static SpanBuilder describe(SpanBuilder span, Delivery delivery) {
    span.setAttribute("github.event", delivery.event())
        .setAttribute("github.delivery", delivery.guid());
    String repository = delivery.subject().repository();
    return repository == null ? span : span.setAttribute("github.repository", repository);
  }

  private static Context contextOf(Delivery delivery) {
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), delivery.headers(), HEADERS);
  }

  private static void write(Context context, BiConsumer<String, String> headers) {
    W3CTraceContextPropagator.getInstance()
        .inject(context, headers, (to, name, value) -> headers.accept(name, value));
  }

  private record Open(io.opentelemetry.api.trace.Span span) implements Span {
    @Override
    public String traceId() {
      return span.getSpanContext().getTraceId();
    }

    @Override
    public String id() {
      return span.getSpanContext().getSpanId();
    }

    @Override
    public void end(@Nullable Throwable failure) {
      if (failure != null) {
        span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
      }
      span.end();
    }
  }
}
