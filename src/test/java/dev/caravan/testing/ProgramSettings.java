package dev.caravan.testing;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Settings of a program for one test: free ports, and all that it writes in a directory. */
public final class ProgramSettings {
  private ProgramSettings() {}

  /** Those to start from; each test adds what it is about. */
  public static Map<String, String> in(Path directory) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("camel.server.port", "0");
    settings.put("camel.management.port", "0");
    settings.put("caravan.data", directory.resolve("data").toString());
    settings.put("caravan.routes", directory.resolve("routes").toString());
    return settings;
  }
}
