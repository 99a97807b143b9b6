package dev.caravan.server;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.ProgramName;
import dev.caravan.config.Settings;
import dev.caravan.github.api.HookOwner;
import dev.caravan.secrets.ConfiguredSecrets;
import dev.caravan.secrets.GeneratedSecret;
import dev.caravan.secrets.LabelledSecret;
import dev.caravan.secrets.LiveSecrets;
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
      case REPOSITORY -> ConfiguredSecrets.madeForHook(settings, owner.name(), owner.account());
      case ORGANIZATION -> ConfiguredSecrets.madeForHook(settings, null, owner.account());
    };
  }

  /**
   * The configured secret that the owner's hooks should sign with: one made for this owner, else
   * one whose scope covers all that the hook sends, the narrowest first, else one for everybody.
   *
   * @return null when no secret is configured, so that the generated one is in force
   * @throws InvalidSettingException when none of those configured may sign for the hook: whatever
   *     it sends would be refused, but for an App's ping, which names no owner
   */
  public static @Nullable LabelledSecret configured(HookOwner owner, Settings settings) {
    LabelledSecret found =
        switch (owner.kind()) {
          case APP -> ConfiguredSecrets.forHook(settings, null, null);
          case REPOSITORY -> ConfiguredSecrets.forHook(settings, owner.name(), owner.account());
          case ORGANIZATION -> ConfiguredSecrets.forHook(settings, null, owner.account());
        };
    if (found == null && !LiveSecrets.noneConfigured(settings)) {
      throw new InvalidSettingException(missing(owner));
    }
    return found;
  }

  /**
   * The configured secret that the owner's hooks should sign with, or else the generated one.
   *
   * @param generated the file of the generated secret
   */
  static String of(HookOwner owner, Settings settings, Path generated) {
    LabelledSecret found = configured(owner, settings);
    return found == null ? GeneratedSecret.in(generated) : found.secret().text();
  }

  private static String missing(HookOwner owner) {
    if (owner.kind() == HookOwner.Kind.APP) {
      return "No readable secret may sign for the App: its deliveries are about many owners, so it"
          + " needs a secret without a scope. Set caravan.secret.";
    }
    return "No readable secret may sign for %s: none has a scope that covers it, and none is for everybody. Run %s, or set caravan.secrets.LABEL and caravan.secrets.LABEL.scope = %s."
        .formatted(owner, ProgramName.with("github register --own-secret"), owner.name());
  }
}
