package dev.caravan.management;

import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.Reverified;
import dev.caravan.ingress.signature.UnverifiedRequest;
import dev.caravan.secrets.LiveSecrets;
import dev.caravan.secrets.SecretStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of secrets and of the requests they refused, through the management port. No
 * answer holds a secret. Safe for use by many threads.
 */
public final class SecretApi {
  private final LiveSecrets secrets;
  private final Ingress ingress;

  public SecretApi(LiveSecrets secrets, Ingress ingress) {
    this.secrets = secrets;
    this.ingress = ingress;
  }

  /** Every secret: its label, scope and origin, how many deliveries it verified and when last. */
  JsonObject secrets() {
    JsonArray all = new JsonArray();
    for (SecretStatus secret : secrets.status()) {
      all.add(
          new JsonObject()
              .put("label", secret.label())
              .put("scope", secret.scope())
              .put("retired", secret.retired())
              .put("origin", secret.origin())
              .put("verified", secret.verified())
              .put("lastUsed", text(secret.lastUsed()))
              .put("problem", secret.problem()));
    }
    return new JsonObject().put("secrets", all);
  }

  /** The newest requests that were answered 403, each with the reason. */
  JsonObject refused() {
    JsonArray newest = new JsonArray();
    for (UnverifiedRequest request : ingress.refusedRequests()) {
      newest.add(
          new JsonObject()
              .put("receivedAt", text(request.receivedAt()))
              .put("delivery", request.delivery())
              .put("event", request.event())
              .put("bytes", request.bytes())
              .put("recognised", request.recognised())
              .put("reason", request.reason()));
    }
    return new JsonObject().put("count", ingress.refusedCount()).put("newest", newest);
  }

  /** Verifies them with the current secrets. Blocks until those that pass are in the log. */
  JsonObject verifyAgain() {
    Reverified result = ingress.verifyRefusedAgain();
    return new JsonObject()
        .put("accepted", result.accepted())
        .put("refused", result.refused())
        .put("failed", result.failed());
  }

  private static @Nullable String text(@Nullable Object instant) {
    return instant == null ? null : instant.toString();
  }
}
