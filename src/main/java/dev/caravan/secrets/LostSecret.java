package dev.caravan.secrets;

import dev.caravan.config.InvalidSettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Notices a start without the secret that deliveries were signed with: a variable that was not
 * passed on, a file that was lost. With a generated secret in its place, every delivery would be
 * refused while everything looks well.
 */
public final class LostSecret {
  private LostSecret() {}

  /**
   * Refuses to start with the generated secret when it is not the one that was in use.
   *
   * @param uses the file that the use of each secret is kept in
   * @param generated where the generated secret is, or would be
   * @param hasDeliveries whether the log contains any; only asked when nothing else decides
   * @throws InvalidSettingException with what to do
   */
  public static void refuse(Path uses, Path generated, BooleanSupplier hasDeliveries) {
    boolean isThere = Files.exists(generated);
    Map.Entry<String, Instant> latest = new SecretUses(uses).latest();
    String lost;
    if (latest == null) {
      if (isThere || !hasDeliveries.getAsBoolean()) {
        return;
      }
      lost = "No secret is configured, but the log has deliveries that were signed with one";
    } else if (!latest.getKey().equals(SecretSettings.GENERATED)) {
      lost =
          "No secret is configured, but deliveries were verified with the secret '%s' until %s"
              .formatted(latest.getKey(), latest.getValue());
    } else if (!isThere) {
      lost =
          "The generated secret %s is gone, which verified deliveries until %s"
              .formatted(generated, latest.getValue());
    } else {
      return;
    }
    throw new InvalidSettingException(
        "%s. With another, all that GitHub sends would be refused. Set it again (GITHUB_WEBHOOK_SECRET, or where it was). To start over, write a new one into %s, delete %s, and give it to GitHub."
            .formatted(lost, generated, uses));
  }
}
