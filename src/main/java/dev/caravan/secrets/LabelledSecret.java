package dev.caravan.secrets;

import java.time.Instant;

/** A secret with the name it goes by, what it may sign, and the count of what it signed. */
public final class LabelledSecret {
  private final String label;
  private final Secret secret;
  private final SecretScope scope;
  private final SecretUse use;

  LabelledSecret(String label, Secret secret, SecretScope scope, SecretUse use) {
    this.label = label;
    this.secret = secret;
    this.scope = scope;
    this.use = use;
  }

  /** Its name: what may be shown of it. */
  public String label() {
    return label;
  }

  /** What bodies are verified with. */
  public Secret secret() {
    return secret;
  }

  /** What it may sign. */
  public SecretScope scope() {
    return scope;
  }

  /** Counts a delivery that it verified. Cheap, for every thread. */
  public void used(Instant at) {
    use.used(at.toEpochMilli());
  }

  @Override
  public String toString() {
    return label;
  }
}
