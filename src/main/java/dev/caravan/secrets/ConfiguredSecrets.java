package dev.caravan.secrets;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The secrets that the settings name, read once: for signing, or for registering a hook. */
public final class ConfiguredSecrets {
  private ConfiguredSecrets() {}

  /**
   * A secret to sign something with that is sent to a server with these settings: one that may sign
   * anything, if there is one; else the first by label that may sign this.
   *
   * @param maySign whether a secret of that scope may sign what is sent
   * @return null when there is none, or it cannot be read
   * @throws InvalidSettingException for a setting about secrets that does not fit
   */
  public static @Nullable LabelledSecret forSigning(
      Settings settings, Predicate<SecretScope> maySign) {
    return valid(settings)
        .filter(secret -> maySign.test(secret.scope()))
        .min(Comparator.comparing(secret -> !secret.scope().equals(SecretScope.ALL)))
        .orElse(null);
  }

  /**
   * A secret for such a hook that may sign all that the hook sends: the one with the narrowest
   * scope, so that one for everybody comes last.
   *
   * @param repository of the hook, or null when it is not a repository's
   * @param account the user or organisation; null for an App, whose payloads are about many
   * @return null when there is none, or it cannot be read
   */
  public static @Nullable LabelledSecret forHook(
      Settings settings, @Nullable String repository, @Nullable String account) {
    return narrowest(
        valid(settings).filter(secret -> secret.scope().covers(repository, account)), repository);
  }

  /**
   * A secret made for what such a hook signs: for its repository, or else for the organisation that
   * it belongs to.
   *
   * @param repository of the hook, or null when it is an organisation's
   * @param account the user or organisation
   * @return null when there is none; one that may sign anything is not meant, nor one for all of
   *     the owner of a repository
   */
  public static @Nullable LabelledSecret madeForHook(
      Settings settings, @Nullable String repository, String account) {
    return narrowest(
        valid(settings)
            .filter(secret -> secret.scope().bindsPayload())
            .filter(
                secret -> secret.scope().covers(repository, repository == null ? account : null)),
        repository);
  }

  /** Whether the program itself gives that label, so that the settings must not. */
  public static boolean isReserved(String label) {
    return SecretSettings.isReserved(label)
        || label.equals(SecretSettings.DEFAULT)
        || label.startsWith(SecretSettings.DEFAULT + "-");
  }

  /** Whether each can be read here: else one that cannot may be the one that signs. */
  public static boolean areReadable(Settings settings) {
    FoundSecrets found = FoundSecrets.read(SecretSettings.from(settings));
    return found.unread() == null
        && found.byLabel().values().stream().allMatch(secret -> secret.problem() == null);
  }

  /** Of equally narrow ones the first by label. A hook's id is not known before it is made. */
  private static @Nullable LabelledSecret narrowest(
      Stream<LabelledSecret> secrets, @Nullable String repository) {
    return secrets
        .filter(secret -> secret.scope().hooks().isEmpty())
        .min(Comparator.comparingInt(secret -> secret.scope().breadth(repository)))
        .orElse(null);
  }

  private static Stream<LabelledSecret> valid(Settings settings) {
    return FoundSecrets.read(SecretSettings.from(settings)).byLabel().values().stream()
        .filter(FoundSecret::maySign)
        .map(secret -> secret.labelled(new SecretUse(0, 0)));
  }
}
