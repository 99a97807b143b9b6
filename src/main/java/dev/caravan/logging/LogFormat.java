package dev.caravan.logging;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;

/** How log lines look: for people, or for a program that collects them. */
public enum LogFormat {
  TEXT,
  JSON;

  private static final String KEY = "caravan.log.format";

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
   * Makes it the format of this process; call it before the first class that has a logger is used.
   */
  public void use() {
    System.setProperty(KEY, this == JSON ? "json" : "text"); // read by log4j2.properties
  }
}
