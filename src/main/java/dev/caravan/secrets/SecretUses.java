package dev.caravan.secrets;

import dev.caravan.files.DurableFile;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The use of every label, kept in a file from run to run. It may lag by half a minute after a
 * crash: it is there to tell a secret that nobody uses any more.
 */
final class SecretUses {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.secrets");

  private final Path file;
  private final Map<String, SecretUse> byLabel = new ConcurrentHashMap<>();
  private Map<String, String> written = Map.of();

  /** Starts with what the file says; one that is missing or broken counts as empty. */
  SecretUses(Path file) {
    this.file = file;
    Properties kept = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        kept.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("{} cannot be read ({}); the use of secrets is counted anew.", file, e.toString());
      }
    }
    kept.forEach((label, text) -> byLabel.put((String) label, use((String) text)));
  }

  private static SecretUse use(String text) {
    try {
      String[] parts = text.split(" ", 2);
      return new SecretUse(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return new SecretUse(0, 0);
    }
  }

  /** The use of a label; the same object for as long as the program runs. */
  SecretUse of(String label) {
    return byLabel.computeIfAbsent(label, any -> new SecretUse(0, 0));
  }

  /** Writes the file, whole or not at all, when something has changed. */
  synchronized void write() {
    Map<String, String> now = new TreeMap<>();
    byLabel.forEach((label, use) -> now.put(label, use.count() + " " + use.last()));
    if (now.equals(written)) {
      return;
    }
    Properties properties = new Properties();
    properties.putAll(now);
    StringWriter text = new StringWriter();
    try {
      properties.store(text, "label = deliveries verified, and when last (ms since 1970)");
      DurableFile.write(file, text.toString());
      written = now;
    } catch (IOException e) {
      LOG.warn(
          "The use of secrets cannot be written to {} ({}); trying again.", file, e.toString());
    }
  }
}
