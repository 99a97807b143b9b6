package dev.caravan.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.Property;

/** All that is logged while this is open, as the program's own log4j2.properties would print it. */
public final class PrintedLog extends AbstractAppender implements AutoCloseable {
  private final Queue<String> events = new ConcurrentLinkedQueue<>();
  private final Layout<?> layout;
  private final LoggerContext context = LoggerContext.getContext(false);

  public PrintedLog(LogFormat format) {
    super("printed", null, null, true, Property.EMPTY_ARRAY);
    layout = layout(format);
    start();
    context.getRootLogger().addAppender(this);
  }

  /** All of it. */
  public String text() {
    return String.join("", events);
  }

  /** What the first event with that text in it printed. */
  public String of(String text) {
    return events.stream()
        .filter(event -> event.contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No \"" + text + "\" in:\n" + text()));
  }

  @Override
  public void append(LogEvent event) {
    events.add(new String(layout.toByteArray(event), UTF_8));
  }

  @Override
  public void close() {
    context.getRootLogger().removeAppender(this);
    stop();
  }

  private Layout<?> layout(LogFormat format) {
    try {
      Configuration shipped =
          ConfigurationFactory.getInstance()
              .getConfiguration(
                  context,
                  "shipped",
                  Objects.requireNonNull(PrintedLog.class.getResource("/log4j2.properties"))
                      .toURI());
      shipped.initialize();
      return shipped.getAppender(format == LogFormat.JSON ? "json" : "text").getLayout();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
