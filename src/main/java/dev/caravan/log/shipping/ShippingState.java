package dev.caravan.log.shipping;

import dev.caravan.files.KeptProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this machine remembers of what it has shipped: the next run continues from there. For one
 * thread.
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
   * What an earlier run has shipped.
   *
   * @param place where it was shipped to
   * @param generation its name there
   * @param fingerprint the log file's, once all of it was shipped; null when it was written to
   *     since
   */
  record Before(
      @Nullable String place, @Nullable String generation, @Nullable String fingerprint) {}

  /** Reads what the last run has left. */
  Before resume() throws IOException {
    return resume(file.read());
  }

  /** The same for what this run has shipped. */
  Before resumeThisRun() throws IOException {
    return resume(file.written());
  }

  private Before resume(Map<String, String> kept) throws IOException {
    Map<String, String> now = new TreeMap<>(kept);
    now.putIfAbsent(LOG_ID, UUID.randomUUID().toString());
    now.remove(FINGERPRINT); // must not be believed after a crash
    file.write(now);
    return new Before(kept.get(PLACE), kept.get(GENERATION), kept.get(FINGERPRINT));
  }

  /** The id that tells the log from others. */
  String log() {
    return file.written().getOrDefault(LOG_ID, "");
  }

  /** The last run that owned the place; null before the first. */
  @Nullable String lastRun() {
    return file.written().get(RUN);
  }

  /**
   * Remembers that this run owns the place.
   *
   * @param isTaken whether it was taken from another program, which may still add one segment: then
   *     the next generation begins anew, even after a failure or a kill
   */
  void recordRun(String run, boolean isTaken) throws IOException {
    Map<String, String> now = new TreeMap<>(file.written());
    now.put(RUN, run);
    if (isTaken) {
      now.remove(GENERATION);
    }
    file.write(now);
  }

  /** Remembers the generation that is kept up to date from now on. */
  void recordGeneration(String place, Generation generation) throws IOException {
    Map<String, String> now = new TreeMap<>(file.written());
    now.put(PLACE, place);
    now.put(GENERATION, generation.name());
    file.write(now);
  }

  /** Remembers that all of the log's file, as it is now, was shipped. */
  void recordFingerprint(String fingerprint) throws IOException {
    Map<String, String> now = new TreeMap<>(file.written());
    now.put(FINGERPRINT, fingerprint);
    file.write(now);
  }
}
