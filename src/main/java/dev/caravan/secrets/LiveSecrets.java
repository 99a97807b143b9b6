package dev.caravan.secrets;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.watch.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the secrets in force in step with the settings and files they come from.
 *
 * <p>What cannot be read keeps the value it had, and the last secret stays until another takes its
 * place: an operator who is changing secrets must not cause a refused delivery.
 */
public final class LiveSecrets implements SigningSecrets, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.secrets");
  private static final Duration LOOK_EVERY = Duration.ofMillis(400);
  private static final Duration RECENTLY = Duration.ofDays(7);

  private final Supplier<Settings> settings;
  private final @Nullable Path generated;
  private final SecretUses uses;
  private final Watch<FoundSecrets> watch;
  private final SecretDoubts doubts = new SecretDoubts();
  private volatile int looks;
  private volatile Map<String, FoundSecret> known = Map.of();
  private volatile SecretsInForce inForce = new SecretsInForce(List.of(), List.of());

  /**
   * Reads the secrets, and begins to watch them.
   *
   * @param settings read again at every look, so that changes in the settings file count
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
    take(found);
    sayWhatIsGone();
    watch = new Watch<>("secrets", lookEvery, new Places(), found);
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
   * Reads the secrets once, and warns of what is doubtful about them.
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

  /** Every secret and its state, by label. */
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

  /** Writes the current use of each secret to disk. */
  public void writeUses() {
    uses.write();
  }

  /** Stops watching, and keeps the use of each secret on disk. */
  @Override
  public void close() {
    watch.close();
    uses.write();
  }

  /** How often it has looked. */
  int looks() {
    return looks;
  }

  private SecretSettings said() {
    SecretSettings said = SecretSettings.from(settings.get());
    return generated != null && said.isEmpty() ? said.withGenerated(generated) : said;
  }

  /** The settings, the environment and the files that secrets are in. */
  private final class Places implements Watch.Subject<FoundSecrets> {
    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // by the watcher's thread only
    public FoundSecrets look() {
      looks++;
      uses.writeNowAndThen();
      return FoundSecrets.read(said());
    }

    @Override
    public void take(FoundSecrets changed) {
      LiveSecrets.this.take(changed);
    }

    @Override
    public String sentence(Throwable failure) {
      return failure instanceof InvalidSettingException
          ? String.valueOf(failure.getMessage())
          : "Secrets could not be looked at (" + failure.getClass().getName() + ").";
    }

    @Override
    public void complain(String sentence) {
      LOG.warn("{} The secrets stay as they were.", sentence);
    }
  }

  private void sayWhatIsGone() {
    uses.since(Instant.now().minus(RECENTLY))
        .forEach(
            (label, last) -> {
              // A secret is configured to end the use of the generated one.
              if (!known.containsKey(label) && !label.equals(SecretSettings.GENERATED)) {
                LOG.warn(
                    "The secret '{}' verified deliveries until {} and is no longer configured, at least not under this label.",
                    label,
                    last);
              }
            });
  }

  private void take(FoundSecrets found) {
    doubts.look(found);
    Map<String, FoundSecret> next = new TreeMap<>();
    found.byLabel().forEach((label, secret) -> next.put(label, readable(secret)));
    UnreadDirectory unread = found.unread();
    if (unread != null) {
      LOG.warn("caravan.secrets-directory {}; its secrets stay as they were.", unread.problem());
      // What is gone from the settings, which can be read, is revoked.
      known.values().stream()
          .filter(unread::contains)
          .forEach(secret -> next.putIfAbsent(secret.label(), unread.keep(secret)));
    }
    if (next.values().stream().noneMatch(FoundSecret::maySign) && hasAnyThatMaySign()) {
      LOG.warn(
          "No secret is left that may sign; the previous ones stay in force until there is a new"
              + " one. To accept no deliveries at all, stop the program.");
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
