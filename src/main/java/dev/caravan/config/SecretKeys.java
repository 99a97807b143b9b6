package dev.caravan.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which settings hold secrets: their values are never shown, and never taken from arguments. */
public final class SecretKeys {
  private static final Pattern SECRET =
      Pattern.compile(".*(secret|token|password|passphrase|credential|api-?key|access-?key).*");

  /** What is about secrets and can be shown: where one is, what it may sign. */
  private static final Pattern ABOUT_SECRETS =
      Pattern.compile(
          "caravan\\.(secrets-directory|log\\.password-file|secrets\\..+\\.(scope|file|retired)|(secret|management\\.token|github\\.token)\\.file)");

  private SecretKeys() {}

  /** Whether a value of this key must not be shown, and not be said on a command line. */
  public static boolean include(String key) {
    return SECRET.matcher(key.toLowerCase(Locale.ROOT)).matches()
        && !ABOUT_SECRETS.matcher(key).matches();
  }
}
