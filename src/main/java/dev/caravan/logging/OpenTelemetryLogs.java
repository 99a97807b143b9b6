package dev.caravan.logging;

import dev.caravan.config.WithoutCredentials;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.util.ReadOnlyStringMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives each line that the program logs to OpenTelemetry, too, as part of its span, without the
 * passwords in addresses: it leaves the machine. Its library comes with {@code lib/}: use this
 * class only when tracing is on.
 */
public final class OpenTelemetryLogs extends AbstractAppender {
  /** Its own log lines about sending would be sent again. */
  private static final String ITS_OWN = "io.opentelemetry";

  private final LoggerProvider loggers;

  OpenTelemetryLogs(LoggerProvider loggers) {
    super("opentelemetry", null, null, true, Property.EMPTY_ARRAY);
    this.loggers = loggers;
  }

  /** Begins; what is returned ends it. */
  public static Runnable begin() {
    OpenTelemetryLogs logs = new OpenTelemetryLogs(GlobalOpenTelemetry.get().getLogsBridge());
    logs.start();
    root().addAppender(logs);
    return logs::end;
  }

  private void end() {
    root().removeAppender(this);
    stop();
  }

  private static org.apache.logging.log4j.core.Logger root() {
    return ((LoggerContext) LogManager.getContext(false)).getRootLogger();
  }

  @Override
  public void append(LogEvent event) {
    if (event.getLoggerName().startsWith(ITS_OWN)) {
      return;
    }
    LogRecordBuilder line =
        loggers
            .get(event.getLoggerName())
            .logRecordBuilder()
            .setTimestamp(event.getTimeMillis(), TimeUnit.MILLISECONDS)
            .setSeverity(severity(event.getLevel()))
            .setSeverityText(event.getLevel().name())
            .setBody(WithoutCredentials.of(event.getMessage().getFormattedMessage()))
            .setContext(context(event.getContextData()));
    put(line, "github.delivery", event.getContextData().getValue("delivery"));
    put(line, "github.event", event.getContextData().getValue("event"));
    put(line, "github.repository", event.getContextData().getValue("repository"));
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      put(line, "exception.type", thrown.getClass().getName());
      String message = thrown.getMessage();
      put(line, "exception.message", message == null ? null : WithoutCredentials.of(message));
      put(line, "exception.stacktrace", WithoutCredentials.of(stackTrace(thrown)));
    }
    line.emit();
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static void put(LogRecordBuilder line, String name, @Nullable String value) {
    if (value != null) {
      line.setAttribute(AttributeKey.stringKey(name), value);
    }
  }

  private static Context context(ReadOnlyStringMap about) {
    String trace = about.getValue("trace_id");
    String span = about.getValue("span_id");
    return trace == null || span == null
        ? Context.root()
        : Context.root()
            .with(
                Span.wrap(
                    SpanContext.create(
                        trace, span, TraceFlags.getSampled(), TraceState.getDefault())));
  }

  private static Severity severity(Level level) {
    if (level.isMoreSpecificThan(Level.ERROR)) {
      return Severity.ERROR;
    }
    if (level.isMoreSpecificThan(Level.WARN)) {
      return Severity.WARN;
    }
    return level.isMoreSpecificThan(Level.INFO) ? Severity.INFO : Severity.DEBUG;
  }
}
