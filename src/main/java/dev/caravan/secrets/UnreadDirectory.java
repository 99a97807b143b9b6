package dev.caravan.secrets;

import java.util.Map;

/**
 * A directory of secrets that cannot be read at this moment. Its secrets keep their values; what
 * the settings say about them holds nevertheless, so that one of them can still be retired.
 *
 * @param problem why it cannot be read
 * @param prefix what the labels of its secrets start with
 * @param entries what the settings say, by label
 */
record UnreadDirectory(String problem, String prefix, Map<String, SecretSettings.Entry> entries) {

  /** Whether a secret that was found earlier is in this directory. */
  boolean contains(FoundSecret earlier) {
    return earlier.isInDirectory() && earlier.label().startsWith(prefix);
  }

  /** A secret of this directory, with its last value and what the settings say about it now. */
  FoundSecret keep(FoundSecret earlier) {
    SecretSettings.Entry entry =
        entries.getOrDefault(earlier.label(), SecretSettings.Entry.NOTHING);
    return earlier.with(
        entry.scope(), entry.isRetired() || earlier.label().startsWith(FoundSecrets.RETIRED + "/"));
  }
}
