package dev.caravan.secrets;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the secrets in force equal to the settings and files they come from.
 *
 * <p>Looks twice a second, which notices every way of changing a file, a swapped symbolic link
 * included. A change is taken once it has looked the same twice. What cannot be read keeps the
 * value it had, and the last secret stays until another takes its place: while an operator is at
 * work, no delivery may be refused for it.
 */
public final class LiveSecrets implements SigningSecrets, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.secrets");
  private static final Duration LOOK_EVERY = Duration.ofMillis(400);
  private static final Duration WRITE_EVERY = Duration.ofSeconds(30);
  private static final Duration RECENTLY = Duration.ofDays(7);

  private final Supplier<Settings> settings;
  private final @Nullable Path generated;
  private final SecretUses uses;
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "secrets"));

  private @Nullable FoundSecrets lastSeen;
  private @Nullable FoundSecrets lastTaken;
  private String lastComplaint = "";
  private final SecretDoubts doubts = new SecretDoubts();
  private volatile int looks;
  private volatile Map<String, FoundSecret> known = Map.of();
  private volatile SecretsInForce inForce = new SecretsInForce(List.of(), List.of());

  /**
   * Reads the secrets, and begins to watch them.
   *
   * @param settings read anew at every look, so that what changes in the settings file counts
   * @param generated the file of the secret to use while none is configured, or null when that is
   *     not wanted
   * @param uses the file that the use of each secret is kept in
   * @throws InvalidSettingException when a secret that the settings name cannot be used
   */
  public LiveSecrets(Supplier<Settings> settings, @Nullable Path generated, Path uses) {
    this(settings, generated, uses, LOOK_EVERY);
  }

  LiveSecrets(
      Supplier<Settings> settings, @Nullable Path generated, Path uses, Duration lookEvery) {
    this.settings = settings;
    this.generated = generated;
    this.uses = new SecretUses(uses);
    SecretSettings said = said();
    FoundSecrets found = FoundSecrets.read(said);
    found.check(said);
    lastSeen = found;
    take(found);
    sayWhatIsGone();
    every(lookEvery, this::look);
    every(WRITE_EVERY, this.uses::write);
  }

  /**
   * Whether no secret is configured, so that a generated one is used.
   *
   * @throws InvalidSettingException for a setting about secrets that does not fit
   */
  public static boolean noneConfigured(Settings settings) {
    return SecretSettings.from(settings).isEmpty();
  }

  /**
   * Reads the secrets, warns of what is doubtful about them, and leaves it at that.
   *
   * @throws InvalidSettingException when a secret that the settings name cannot be used
   */
  public static void check(Settings settings) {
    SecretSettings said = SecretSettings.from(settings);
    if (!said.isEmpty()) { // else one is generated
      FoundSecrets found = FoundSecrets.read(said);
      found.check(said);
      new SecretDoubts().look(found);
    }
  }

  @Override
  public SecretsInForce inForce() {
    return inForce;
  }

  /** Every secret and how it is doing, by label. */
  public List<SecretStatus> status() {
    List<SecretStatus> status = new ArrayList<>();
    for (FoundSecret secret : known.values()) {
      SecretUse use = uses.of(secret.label());
      long last = use.last();
      status.add(
          new SecretStatus(
              secret.label(),
              secret.scope().toString(),
              secret.isRetired(),
              secret.origin() == null ? "settings" : secret.origin().toString(),
              use.count(),
              last == 0 ? null : Instant.ofEpochMilli(last),
              secret.problem()));
    }
    return status;
  }

  /** Stops watching, and keeps the use of each secret on disk. */
  @Override
  public void close() {
    watcher.shutdownNow();
    uses.write();
  }

  /** How often it has looked. */
  int looks() {
    return looks;
  }

  private void every(Duration time, Runnable work) {
    ScheduledFuture<?> unused =
        watcher.scheduleWithFixedDelay(
            work, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private SecretSettings said() {
    SecretSettings said = SecretSettings.from(settings.get());
    return generated != null && said.isEmpty() ? said.withGenerated(generated) : said;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // by the watcher's thread only
  private synchronized void look() {
    try {
      FoundSecrets found = FoundSecrets.read(said());
      if (found.equals(lastSeen) && !found.equals(lastTaken)) {
        take(found);
      }
      lastSeen = found;
      lastComplaint = "";
    } catch (InvalidSettingException e) {
      complain(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      complain("Secrets could not be looked at (" + e.getClass().getName() + ").");
    }
    if (uses.isNewlyUsed()) {
      uses.write();
    }
    looks++;
  }

  private void sayWhatIsGone() {
    uses.since(Instant.now().minus(RECENTLY))
        .forEach(
            (label, last) -> {
              // Whoever configures a secret does so to end the use of the generated one.
              if (!known.containsKey(label) && !label.equals(SecretSettings.GENERATED)) {
                LOG.warn(
                    "The secret '{}' verified deliveries until {} and is not configured any more, at least not under this label.",
                    label,
                    last);
              }
            });
  }

  private void complain(String sentence) {
    if (!sentence.equals(lastComplaint)) {
      lastComplaint = sentence;
      LOG.warn("{} The secrets stay as they were.", sentence);
    }
  }

  private void take(FoundSecrets found) {
    lastTaken = found;
    doubts.look(found);
    Map<String, FoundSecret> next = new TreeMap<>();
    found.byLabel().forEach((label, secret) -> next.put(label, readable(secret)));
    if (found.directoryProblem() != null) {
      LOG.warn(
          "caravan.secrets-directory {}; its secrets stay as they were.", found.directoryProblem());
      known.forEach(next::putIfAbsent);
    }
    if (next.values().stream().noneMatch(FoundSecret::maySign) && hasAnyThatMaySign()) {
      LOG.warn(
          "No secret is left that may sign; those there were stay in force until there is another."
              + " To take no deliveries at all, stop the program.");
      return;
    }
    SecretsInForce before = inForce;
    inForce = inForce(next);
    known = next;
    if (!before.valid().isEmpty()) {
      LOG.info("Secrets changed; in force: {}.", inForce.valid());
    }
  }

  /** The secret, with the value it had when it cannot be read now. */
  private FoundSecret readable(FoundSecret now) {
    FoundSecret before = known.get(now.label());
    if (now.problem() == null) {
      return now;
    }
    FoundSecret kept = now.keeping(before == null ? null : before.secret());
    if (before == null || !Objects.equals(before.problem(), now.problem())) {
      LOG.warn(
          "The secret '{}': {} {}; {}.",
          now.label(),
          now.origin(),
          now.problem(),
          kept.secret() == null ? "nothing can be verified with it" : "its last good value stays");
    }
    return kept;
  }

  private boolean hasAnyThatMaySign() {
    return known.values().stream().anyMatch(FoundSecret::maySign);
  }

  private SecretsInForce inForce(Map<String, FoundSecret> secrets) {
    List<LabelledSecret> valid = new ArrayList<>();
    List<LabelledSecret> retired = new ArrayList<>();
    for (FoundSecret each : secrets.values()) {
      if (each.secret() != null) {
        (each.isRetired() ? retired : valid).add(each.labelled(uses.of(each.label())));
      }
    }
    return new SecretsInForce(valid, retired);
  }
}
