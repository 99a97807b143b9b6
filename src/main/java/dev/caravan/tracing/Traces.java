package dev.caravan.tracing;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.Attempt;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Begins spans. Safe for use by many threads. */
public interface Traces {
  /** Something that is in progress until it is ended; any thread may end it. */
  interface Span {
    /** As OpenTelemetry writes it: 32 hexadecimal digits. */
    String traceId();

    /** As OpenTelemetry writes it: 16 hexadecimal digits. */
    String id();

    /**
     * It is over.
     *
     * @param failure why it failed, or null
     */
    void end(@Nullable Throwable failure);
  }

  /**
   * A delivery that is being accepted.
   *
   * @param delivery the same with the context of that span among its headers
   */
  record Taken(Delivery delivery, Span span) {}

  /** Lets the routes of a context, and what they call, be spans. */
  void traceIn(CamelContext context);

  /** A delivery is put into the log: continues the trace of its sender, or begins one. */
  Taken take(Delivery delivery);

  /**
   * A subscription's attempt begins: the first continues the delivery's trace; each retry is a
   * trace of its own that is linked to it, since hours may lie between.
   *
   * @param headers is given the context for whatever the route calls
   */
  Span attempt(Attempt attempt, String subscription, BiConsumer<String, String> headers);
}
