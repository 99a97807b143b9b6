package dev.caravan.logging;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The delivery that log lines are about; each value has been checked to be printable.
 *
 * <p>It is in a thread's log context only while {@link #during} runs there, so it cannot get to the
 * lines of whatever that thread does next.
 *
 * @param attempt the attempt at it, as {@link #attempt(String, String, int)} writes it; no line
 *     shows it, but {@link AttemptLines} keeps lines by it
 * @param trace the span that they are part of, while the program traces
 */
public record LinesAbout(
    @Nullable String guid,
    @Nullable String event,
    @Nullable String repository,
    @Nullable String attempt,
    @Nullable Trace trace) {
  /** Lines about no delivery in particular. */
  public static final LinesAbout NOTHING = new LinesAbout(null, null, null);

  private static final ThreadLocal<LinesAbout> CURRENT = new ThreadLocal<>();

  private static final String GUID = "delivery";
  private static final String EVENT = "event";
  private static final String REPOSITORY = "repository";
  private static final String TRACE = "trace_id";
  private static final String SPAN = "span_id";

  /** A span of a trace, by the names that OpenTelemetry gives both in log lines. */
  public record Trace(String traceId, String spanId) {}

  /** Lines about a delivery, and no attempt at it. */
  public LinesAbout(@Nullable String guid, @Nullable String event, @Nullable String repository) {
    this(guid, event, repository, null, null);
  }

  /** The same lines as part of a span. */
  public LinesAbout in(Trace span) {
    return new LinesAbout(guid, event, repository, attempt, span);
  }

  /** What an attempt is called here. */
  public static String attempt(String position, String subscription, int number) {
    return position + '/' + number + '/' + subscription;
  }

  /** What this thread's lines are about at the moment, or null. */
  static @Nullable LinesAbout current() {
    return CURRENT.get();
  }

  /** Does some work whose lines are about this delivery. */
  public void during(Runnable work) {
    during(
        () -> {
          work.run();
          return true;
        });
  }

  /** Does some work whose lines are about this delivery; returns what that returns. */
  public boolean during(BooleanSupplier work) {
    LinesAbout outer = CURRENT.get();
    if (outer != null && isCoveredBy(outer)) {
      return work.getAsBoolean(); // as for each step of a route but the first on its thread
    }
    LinesAbout before = outer == null ? NOTHING : outer;
    try {
      show(before);
      CURRENT.set(this);
      return work.getAsBoolean();
    } finally {
      before.show(this);
      CURRENT.set(outer);
    }
  }

  private boolean isCoveredBy(LinesAbout outer) {
    return guid != null && guid.equals(outer.guid) && (trace == null || trace.equals(outer.trace));
  }

  private void show(LinesAbout before) {
    put(GUID, guid);
    put(EVENT, event);
    put(REPOSITORY, repository);
    if (!Objects.equals(trace, before.trace)) { // never, while nothing is traced
      put(TRACE, trace == null ? null : trace.traceId);
      put(SPAN, trace == null ? null : trace.spanId);
    }
  }

  private static void put(String key, @Nullable String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }
}
