package dev.caravan.secrets;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns about usable secrets that look doubtful, once for as long as that lasts. */
final class SecretDoubts {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.secrets");

  private Set<String> said = Set.of();

  /** Warns about what was not so the last time. */
  void look(FoundSecrets found) {
    List<String> doubts = about(found);
    doubts.stream().filter(doubt -> !said.contains(doubt)).forEach(LOG::warn);
    said = new HashSet<>(doubts);
  }

  /** A sentence each; none shows a secret. */
  static List<String> about(FoundSecrets found) {
    List<String> doubts = new ArrayList<>();
    if (found.byLabel().containsKey(SecretSettings.UNSPLIT)) {
      doubts.add(
          "caravan.secret contains a comma: each part is a secret, and so is the whole."
              + " Give each secret a label, whose value is never split: caravan.secrets.LABEL = ...");
    }
    List<String> labels =
        found.byLabel().values().stream()
            .filter(each -> each.maySign() && each.secret() != null && each.secret().isShort())
            .map(FoundSecret::label)
            .toList();
    if (!labels.isEmpty()) {
      doubts.add(
          "Shorter than %d characters, so it can be guessed: the secret %s. Use a longer one, for instance from openssl rand -hex 32."
              .formatted(Secret.SHORT, String.join(", ", labels)));
    }
    return doubts;
  }
}
