package dev.caravan.logging;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.properties.PropertiesConfigurationFactory;
import org.apache.logging.log4j.util.PropertiesUtil;

/** How log lines look: for people, or for a program that collects them. */
public enum LogFormat {
  TEXT,
  JSON;

  private static final String KEY = "caravan.log.format";

  private static boolean hasBegun;

  /**
   * The format that the settings want.
   *
   * @throws InvalidSettingException when there is no such format
   */
  public static LogFormat of(Settings settings) {
    return switch (settings.text(KEY)) {
      case "text" -> TEXT;
      case "json" -> JSON;
      default -> throw settings.refuse(KEY, "text or json");
    };
  }

  /**
   * Begins to make text the format, as it nearly always is, on a thread of its own: that takes as
   * long as to read the command line.
   */
  public static void prepare() {
    new Thread(LogFormat::begin, "log-format").start();
  }

  /**
   * Makes it the format of this process; call it before the first class that has a logger is used.
   * The file has both, so that it need not be read again.
   */
  public void use() {
    System.setProperty(KEY, word()); // for a file of the user's, which may look at it
    begin();
    if (!isConfiguredElsewhere()) {
      LoggerContext context = (LoggerContext) LogManager.getContext(false);
      Configuration read = context.getConfiguration();
      LoggerConfig root = read.getRootLogger();
      Appender wanted = read.getAppender(word());
      if (wanted == null) { // something has logged before, by a file that Log4j found
        Configurator.reconfigure(ownFile());
      } else if (!root.getAppenders().containsKey(word())) {
        root.addAppender(wanted, null, null);
        root.removeAppender((this == JSON ? TEXT : JSON).word());
        context.updateLoggers();
      }
    }
  }

  /** As it is written in the settings; the appender has that name, too. */
  private String word() {
    return this == JSON ? "json" : "text";
  }

  private static synchronized void begin() {
    if (!hasBegun && !isConfiguredElsewhere()) {
      LoggerContext unused = Configurator.initialize(LogFormat.class.getClassLoader(), ownFile());
      hasBegun = true;
    }
  }

  private static boolean isConfiguredElsewhere() {
    return PropertiesUtil.getProperties()
        .hasProperty(ConfigurationFactory.CONFIGURATION_FILE_PROPERTY);
  }

  /**
   * Log4j would find the file by itself. But it would first prepare to read others, in XML, JSON
   * and YAML, which takes longer than to read this one.
   */
  private static Configuration ownFile() {
    try (InputStream file = LogFormat.class.getResourceAsStream("/log4j2.properties")) {
      ConfigurationSource source = new ConfigurationSource(Objects.requireNonNull(file));
      return new PropertiesConfigurationFactory().getConfiguration(null, source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
