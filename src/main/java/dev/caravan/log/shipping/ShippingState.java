package dev.caravan.log.shipping;

import dev.caravan.files.KeptProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this machine remembers about what it has shipped, so that the next run continues from there.
 * For one thread.
 */
final class ShippingState {
  private static final String LOG_ID = "log";
  private static final String RUN = "run";
  private static final String PLACE = "place";
  private static final String GENERATION = "generation";
  private static final String FINGERPRINT = "fingerprint";

  private final KeptProperties file;

  ShippingState(Path folder) {
    this.file =
        new KeptProperties(folder.resolve("state"), "What was shipped of the log next door.");
  }

  /**
   * What was shipped before.
   *
   * @param place where
   * @param generation what that was called
   * @param fingerprint what the log's file was like when all of it had been shipped; null when it
   *     has been written to since
   */
  record Before(
      @Nullable String place, @Nullable String generation, @Nullable String fingerprint) {}

  /** Reads what the run before has left. */
  Before resume() throws IOException {
    return resume(file.read());
  }

  /** The same for what this run itself has shipped. */
  Before resumeThisRun() throws IOException {
    return resume(file.written());
  }

  private Before resume(Map<String, String> kept) throws IOException {
    Map<String, String> now = new TreeMap<>(kept);
    now.putIfAbsent(LOG_ID, UUID.randomUUID().toString());
    now.remove(FINGERPRINT); // or it would be believed after a crash
    file.write(now);
    return new Before(kept.get(PLACE), kept.get(GENERATION), kept.get(FINGERPRINT));
  }

  /** What tells the log from others. */
  String log() {
    return file.written().getOrDefault(LOG_ID, "");
  }

  /** What the last run was called that had the place; null before the first. */
  @Nullable String lastRun() {
    return file.written().get(RUN);
  }

  /**
   * Remembers that this run has the place.
   *
   * @param isTaken whether from another, which may still write there once, after what we have in
   *     common: so begin anew, also when that fails now, or we are killed
   */
  void recordRun(String run, boolean isTaken) throws IOException {
    Map<String, String> now = new TreeMap<>(file.written());
    now.put(RUN, run);
    if (isTaken) {
      now.remove(GENERATION);
    }
    file.write(now);
  }

  /** Remembers what is kept up to date there from now on. */
  void recordGeneration(String place, Generation generation) throws IOException {
    Map<String, String> now = new TreeMap<>(file.written());
    now.put(PLACE, place);
    now.put(GENERATION, generation.name());
    file.write(now);
  }

  /** Remembers that all of the log's file as it is now has been shipped. */
  void recordFingerprint(String fingerprint) throws IOException {
    Map<String, String> now = new TreeMap<>(file.written());
    now.put(FINGERPRINT, fingerprint);
    file.write(now);
  }
}
