package dev.caravan.secrets;

/** Where the ingress asks, for every delivery, which secrets may sign it. */
@FunctionalInterface
public interface SigningSecrets {
  /** The secrets valid at this moment. Called on event loops: must not block. */
  SecretsInForce inForce();
}
