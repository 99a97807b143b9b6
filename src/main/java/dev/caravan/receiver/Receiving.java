package dev.caravan.receiver;

import dev.caravan.config.Settings;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.port.IngressSettings;
import dev.caravan.log.LogEngine;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.network.Callers;
import dev.caravan.network.ListeningPlace;
import dev.caravan.network.OwnAddress;
import dev.caravan.secrets.GeneratedSecret;
import dev.caravan.secrets.LiveSecrets;
import dev.caravan.secrets.LostSecret;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What receives deliveries: the log they go to, the secrets that sign them, who may call, and the
 * ingress, which is not listening yet.
 */
public final class Receiving implements AutoCloseable {
  private final Path data;
  private final IngressSettings ingressSettings;
  private final LogEngine log;
  private final boolean isSecretGenerated;
  private final LiveSecrets secrets;
  private final Callers callers;
  private final Ingress ingress;

  /**
   * Opens the log.
   *
   * @param latest read once, and then again and again for the secrets, which may change; called by
   *     several threads
   * @param hooks where to record what each hook sends
   * @throws dev.caravan.config.InvalidSettingException for a setting that cannot be used
   * @throws IllegalStateException with a sentence for the user when the log cannot be opened
   */
  public Receiving(Supplier<Settings> latest, HookActivity hooks) {
    this(latest, hooks, null);
  }

  /**
   * As above, with connections from there.
   *
   * @param place null for the address in the settings
   */
  public Receiving(Supplier<Settings> latest, HookActivity hooks, @Nullable ListeningPlace place) {
    Settings settings = latest.get();
    this.data = Path.of(settings.text("caravan.data"));
    this.ingressSettings = IngressSettings.from(settings);
    this.isSecretGenerated = generatesSecret(settings);
    LogShipping shipping = LogShipping.from(settings, System.getenv());
    LiveSecrets watch = null;
    this.log = LogEngines.open(settings, data);
    try {
      shipping.begin(log);
      Path uses = data.resolve("secret-use");
      if (isSecretGenerated) {
        LostSecret.refuse(uses, secretFile(), this::hasDeliveries);
        GeneratedSecret.in(secretFile());
      }
      watch = new LiveSecrets(latest, isSecretGenerated ? secretFile() : null, uses);
      this.secrets = watch;
      this.callers = Callers.from(settings, data.resolve("github-networks"));
      this.ingress =
          new Ingress(
              ingressSettings,
              place == null
                  ? new OwnAddress(ingressSettings.host(), ingressSettings.port())
                  : place,
              secrets,
              callers,
              log,
              hooks);
    } catch (RuntimeException | Error e) {
      close(watch);
      throw e;
    }
  }

  /**
   * Whether a secret is generated, since none is configured.
   *
   * @throws dev.caravan.config.InvalidSettingException when there must be one
   */
  public static boolean generatesSecret(Settings settings) {
    boolean isGenerated = LiveSecrets.noneConfigured(settings);
    if (isGenerated) {
      LogEngines.refuseGenerated(settings, "caravan.secret");
    }
    return isGenerated;
  }

  private boolean hasDeliveries() {
    return !log.history().list(DeliveryQuery.ALL, 1).deliveries().isEmpty();
  }

  /** The log that deliveries go to. */
  public LogEngine log() {
    return log;
  }

  /** The secrets that may sign. */
  public LiveSecrets secrets() {
    return secrets;
  }

  /** The side that faces GitHub. */
  public Ingress ingress() {
    return ingress;
  }

  /** Its settings. */
  public IngressSettings ingressSettings() {
    return ingressSettings;
  }

  /** Whether the secret in {@link #secretFile} is in use, because none was configured. */
  public boolean isSecretGenerated() {
    return isSecretGenerated;
  }

  /** Where a generated secret is kept. */
  public Path secretFile() {
    return data.resolve("secret");
  }

  /** The URL to give to GitHub, as seen from this machine; known once the port is open. */
  public String url() {
    return "%s://%s%s"
        .formatted(
            ingressSettings.tls() == null ? "http" : "https",
            ingress.placeName(),
            ingressSettings.path());
  }

  @Override
  public void close() {
    callers.close();
    close(secrets);
  }

  private void close(@Nullable LiveSecrets watch) {
    if (watch != null) {
      watch.close();
    }
    log.close();
  }
}
