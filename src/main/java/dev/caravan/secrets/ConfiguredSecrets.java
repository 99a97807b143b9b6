package dev.caravan.secrets;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The secrets that the settings name, read once: for signing, or for registering a hook. */
public final class ConfiguredSecrets {
  private ConfiguredSecrets() {}

  /**
   * A secret that a server with these settings accepts, for sending it something: one that may sign
   * anything, if there is one; else the first by label, whose scope may not cover what is sent.
   *
   * @return null when none is configured, or none can be read
   * @throws InvalidSettingException for a setting about secrets that does not fit
   */
  public static @Nullable LabelledSecret forSigning(Settings settings) {
    List<LabelledSecret> valid = new ArrayList<>();
    for (FoundSecret each : FoundSecrets.read(SecretSettings.from(settings)).byLabel().values()) {
      if (each.maySign()) {
        valid.add(each.labelled(new SecretUse(0, 0)));
      }
    }
    return valid.stream()
        .filter(secret -> secret.scope().equals(SecretScope.ALL))
        .findFirst()
        .orElse(valid.isEmpty() ? null : valid.get(0));
  }

  /**
   * A secret made for what such a hook signs.
   *
   * @param repository of the hook, or null when it is an organisation's
   * @param account the user or organisation
   * @return null when there is none; one that may sign anything is not meant
   */
  public static @Nullable LabelledSecret forHook(
      Settings settings, @Nullable String repository, String account) {
    for (FoundSecret each : FoundSecrets.read(SecretSettings.from(settings)).byLabel().values()) {
      if (each.maySign()
          && each.scope().bindsPayload()
          && each.scope().hooks().isEmpty()
          && each.scope().covers(repository, repository == null ? account : null)) {
        return each.labelled(new SecretUse(0, 0));
      }
    }
    return null;
  }
}
