package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.github.api.HookOwner;
import dev.caravan.secrets.ConfiguredSecrets;
import dev.caravan.secrets.GeneratedSecret;
import dev.caravan.secrets.LabelledSecret;
import java.nio.file.Path;

/** The secret that a hook at GitHub is to sign with, so that this program takes what it sends. */
final class HookSecret {
  private HookSecret() {}

  /**
   * One made for this owner, else one that may sign anything, else the one that was generated.
   *
   * @param generated the file of that
   */
  static String of(HookOwner owner, Settings settings, Path generated) {
    LabelledSecret found =
        owner.kind() == HookOwner.Kind.APP
            ? null
            : ConfiguredSecrets.forHook(
                settings,
                owner.kind() == HookOwner.Kind.REPOSITORY ? owner.name() : null,
                owner.account());
    if (found == null) {
      found = ConfiguredSecrets.forSigning(settings);
    }
    return found == null ? GeneratedSecret.in(generated) : found.secret().text();
  }
}
