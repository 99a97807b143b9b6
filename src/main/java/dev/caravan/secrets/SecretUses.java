package dev.caravan.secrets;

import dev.caravan.files.KeptProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The use of every label, kept in a file from run to run. It may lag by half a minute after a
 * crash: its purpose is to find a secret that nobody uses any more.
 */
final class SecretUses {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.secrets");

  private static final Duration WRITE_EVERY = Duration.ofSeconds(30);

  private final KeptProperties kept;
  private final Map<String, SecretUse> byLabel = new ConcurrentHashMap<>();
  private long writtenAt = System.nanoTime();

  /** Starts with what the file says; one that is missing or broken counts as empty. */
  SecretUses(Path file) {
    this.kept =
        new KeptProperties(file, "label = deliveries verified, and when last (ms since 1970)");
    try {
      kept.read().forEach((label, text) -> byLabel.put(label, use(text)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn(
          "{} cannot be read ({}); the use of secrets is counted from zero.", file, e.toString());
    }
  }

  /** The label that was used last, and when, or null when none ever was. */
  Map.@Nullable Entry<String, Instant> latest() {
    return byLabel.entrySet().stream()
        .filter(each -> each.getValue().count() > 0)
        // Of two used at the same time, the configured one.
        .max(
            Comparator.<Map.Entry<String, SecretUse>>comparingLong(each -> each.getValue().last())
                .thenComparing(each -> !each.getKey().equals(SecretSettings.GENERATED)))
        .map(each -> Map.entry(each.getKey(), Instant.ofEpochMilli(each.getValue().last())))
        .orElse(null);
  }

  /** The labels that were used after that, each with the time. */
  Map<String, Instant> since(Instant time) {
    Map<String, Instant> used = new TreeMap<>();
    byLabel.forEach(
        (label, use) -> {
          if (use.count() > 0 && use.last() > time.toEpochMilli()) {
            used.put(label, Instant.ofEpochMilli(use.last()));
          }
        });
    return used;
  }

  /** Writes the file when it is time to, or when a label has been used that it does not know. */
  void writeNowAndThen() {
    long now = System.nanoTime();
    if (now - writtenAt > WRITE_EVERY.toNanos() || isNewlyUsed()) {
      writtenAt = now;
      write();
    }
  }

  private boolean isNewlyUsed() {
    return byLabel.entrySet().stream()
        .anyMatch(
            each ->
                each.getValue().count() > 0
                    && kept.written().getOrDefault(each.getKey(), "0 ").startsWith("0 "));
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
    kept.write(now, LOG);
  }
}
