package dev.caravan.hooks;

import dev.caravan.files.KeptProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When each hook last sent a delivery that was accepted, and whether it is silent for longer than
 * is usual for it; kept in a small file across restarts. Safe for use by many threads.
 *
 * <p>A hook's id is not signed, so anyone with a secret could make up any number of them: only
 * {@link #MOST} are counted separately, and all others as one, {@link #OTHERS}.
 */
public final class HookActivity implements AutoCloseable {
  /** How many hooks are counted separately. */
  public static final int MOST = 4096;

  /** Stands for hooks without an id, or beyond those that are counted separately. */
  public static final String OTHERS = "others";

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.hooks");
  private static final int WRITE_EVERY_SECONDS = 60;
  private static final Pattern ID = Pattern.compile("[0-9]{1,19}");

  /** GitHub's names of organisations and users. */
  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_-]{1,60}");

  private final @Nullable KeptProperties kept;
  private final @Nullable Path file;
  private final InstantSource clock;
  private final Map<String, HookSilence> hooks = new ConcurrentHashMap<>();
  private volatile long othersLast;
  private @Nullable ScheduledExecutorService writer;

  /**
   * Starts with what the file says; one that is missing or broken counts as empty.
   *
   * @param file null to keep nothing across restarts
   */
  public HookActivity(@Nullable Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
    this.kept =
        file == null
            ? null
            : new KeptProperties(file, "hook = owner, first and last delivery, longest pause (ms)");
    if (kept != null) {
      read(kept);
    }
  }

  /** Begins to write the file once a minute, as long as something changes. */
  public synchronized void start() {
    if (kept == null) {
      return;
    }
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread made = new Thread(work, "hook-activity");
              made.setDaemon(true);
              return made;
            });
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(
            this::write, WRITE_EVERY_SECONDS, WRITE_EVERY_SECONDS, TimeUnit.SECONDS);
    writer = thread;
  }

  /**
   * A delivery was accepted.
   *
   * @param hook the header {@code X-GitHub-Hook-ID}, if it came
   * @param repository its full name, if the payload says
   */
  public void accepted(@Nullable String hook, @Nullable String repository, Instant receivedAt) {
    long now = receivedAt.toEpochMilli();
    HookSilence known = hook == null ? null : hooks.get(hook);
    if (known == null && hook != null && hooks.size() < MOST && ID.matcher(hook).matches()) {
      // A few too many when several loops find the last place free at once.
      known = hooks.computeIfAbsent(hook, id -> new HookSilence(owner(repository), now, now, 0));
    }
    if (known == null) {
      othersLast = Math.max(othersLast, now);
    } else {
      known.sent(now);
    }
  }

  /** When each last sent, by its id. */
  public Map<String, Instant> last() {
    Map<String, Instant> last = new TreeMap<>();
    hooks.forEach((hook, seen) -> last.put(hook, Instant.ofEpochMilli(seen.last())));
    if (othersLast != 0) {
      last.put(OTHERS, Instant.ofEpochMilli(othersLast));
    }
    return last;
  }

  /**
   * The hooks of an owner.
   *
   * @param name of the organisation or user
   * @param hooks how many are known
   * @param silent how many of them have been silent for longer than is usual for them
   */
  public record Owner(String name, long hooks, long silent) {}

  /** All owners that have known hooks. */
  public List<Owner> owners() {
    long now = clock.millis();
    Map<String, Owner> owners = new TreeMap<>();
    for (HookSilence hook : hooks.values()) {
      owners.merge(
          hook.owner(),
          new Owner(hook.owner(), 1, hook.isSilent(now) ? 1 : 0),
          (some, one) -> new Owner(some.name(), some.hooks() + 1, some.silent() + one.silent()));
    }
    return List.copyOf(owners.values());
  }

  /** Writes what is not written yet. */
  @Override
  public synchronized void close() {
    if (writer != null) {
      writer.shutdownNow();
      write();
    }
  }

  private static String owner(@Nullable String repository) {
    String owner = repository == null ? "" : repository.split("/", 2)[0];
    return OWNER.matcher(owner).matches() ? owner.toLowerCase(Locale.ROOT) : OTHERS;
  }

  private void read(KeptProperties from) {
    try {
      from.read().forEach(this::learn);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn(
          "{} cannot be read ({}); starting without what was known of hooks.", file, e.toString());
    }
  }

  private void learn(String hook, String text) {
    try {
      hooks.put(hook, HookSilence.of(text));
    } catch (IllegalArgumentException e) {
      LOG.warn("{} has a line that cannot be read, which is left out.", file);
    }
  }

  /** Writes the file, whole or not at all; hooks that are long gone are left out. */
  synchronized void write() {
    long now = clock.millis();
    hooks.values().removeIf(hook -> hook.isForgotten(now));
    if (kept == null) {
      return;
    }
    Map<String, String> texts = new TreeMap<>();
    hooks.forEach((hook, silence) -> texts.put(hook, silence.asText()));
    kept.write(texts, LOG);
  }
}
