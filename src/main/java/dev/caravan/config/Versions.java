package dev.caravan.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions of what runs: the program, Camel in it, and the Java runtime. */
public record Versions(String caravan, String camel, String java) {
  private static final String WRITTEN_BY_THE_BUILD = "/dev/caravan/versions.properties";

  /** Those of this process. */
  public static Versions read() {
    try (InputStream stream = Versions.class.getResourceAsStream(WRITTEN_BY_THE_BUILD)) {
      if (stream == null) {
        throw new IllegalStateException("The jar lacks " + WRITTEN_BY_THE_BUILD);
      }
      Properties versions = new Properties();
      versions.load(stream);
      return new Versions(
          versions.getProperty("caravan"),
          versions.getProperty("camel"),
          System.getProperty("java.version"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
