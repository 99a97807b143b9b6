package dev.caravan.ingress;

import java.util.List;

/** Where the ingress asks, for every delivery, which secrets may sign it. */
@FunctionalInterface
public interface SigningSecrets {
  /** The secrets valid at this moment. Called on event loops: must not block. */
  List<Secret> valid();
}
