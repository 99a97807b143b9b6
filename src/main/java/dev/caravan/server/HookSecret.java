package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.github.api.HookOwner;
import dev.caravan.secrets.ConfiguredSecrets;
import dev.caravan.secrets.GeneratedSecret;
import dev.caravan.secrets.LabelledSecret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The secret with which a hook at GitHub should sign for this program to accept its deliveries. */
public final class HookSecret {
  private HookSecret() {}

  /**
   * A secret made for this owner; null when there is none, as for an App, whose payloads are about
   * many owners.
   */
  public static @Nullable LabelledSecret madeFor(HookOwner owner, Settings settings) {
    return switch (owner.kind()) {
      case APP -> null;
      case REPOSITORY -> ConfiguredSecrets.forHook(settings, owner.name(), owner.account());
      case ORGANIZATION -> ConfiguredSecrets.forHook(settings, null, owner.account());
    };
  }

  /**
   * A secret made for this owner, else one that may sign anything, else the generated one.
   *
   * @param generated the file of the generated secret
   */
  static String of(HookOwner owner, Settings settings, Path generated) {
    LabelledSecret found = madeFor(owner, settings);
    if (found == null) {
      found = ConfiguredSecrets.forSigning(settings);
    }
    return found == null ? GeneratedSecret.in(generated) : found.secret().text();
  }
}
