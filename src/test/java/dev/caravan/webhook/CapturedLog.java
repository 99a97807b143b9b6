package dev.caravan.webhook;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** What is logged under one name while this is open, as "LEVEL message". */
public final class CapturedLog extends AbstractAppender implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Consumer<String> first;
  private final Logger logger;

  public CapturedLog(String name) {
    this(name, message -> {});
  }

  /** Gives each message to {@code first}; what that throws reaches the one who logs. */
  public CapturedLog(String name, Consumer<String> first) {
    super("captured " + name, null, null, false, Property.EMPTY_ARRAY);
    this.first = first;
    Configurator.setLevel(name, Level.INFO);
    logger = (Logger) LogManager.getLogger(name);
    start();
    logger.addAppender(this);
  }

  public List<String> lines() {
    return lines;
  }

  @Override
  public void append(LogEvent event) {
    String message = event.getMessage().getFormattedMessage();
    first.accept(message);
    lines.add(event.getLevel() + " " + message);
  }

  @Override
  public void close() {
    logger.removeAppender(this);
    stop();
  }
}
