package dev.caravan.tracing;

import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process traces. OpenTelemetry has one instance per process, and so has this class;
 * when it is off, asking costs reading one field.
 */
public final class Tracing {
  private static final String OPEN_TELEMETRY = "dev.caravan.tracing.OpenTelemetryTraces";

  private static volatile @Nullable Traces current;

  private Tracing() {}

  /** What begins spans; null while tracing is off. */
  public static @Nullable Traces current() {
    return current;
  }

  /**
   * Turns it on.
   *
   * @throws IllegalStateException with a sentence for the user, when OpenTelemetry is not there
   */
  public static void begin() {
    try {
      current =
          Class.forName(OPEN_TELEMETRY)
              .asSubclass(Traces.class)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException(
          "caravan.tracing is opentelemetry, and that is not in lib/ (%s). Fetch it with: caravan add camel-opentelemetry2 io.opentelemetry:opentelemetry-exporter-otlp:1.59.0 io.opentelemetry:opentelemetry-sdk-extension-autoconfigure:1.59.0"
              .formatted(e.getCause() == null ? e : e.getCause()),
          e);
    }
  }

  /** Turns it off. */
  public static void end() {
    current = null;
  }

  /**
   * Lets the routes of a context, and what they call, be spans too; does nothing while tracing is
   * off. A context that was not registered here traces nothing.
   */
  public static void in(CamelContext context) {
    Traces traces = current;
    if (traces != null) {
      traces.traceIn(context);
      context.getCamelContextExtension().addContextPlugin(Traces.class, traces);
    }
  }

  /** What begins spans in a context; null when nothing is traced there. */
  public static @Nullable Traces of(CamelContext context) {
    return context.getCamelContextExtension().getContextPlugin(Traces.class);
  }
}
