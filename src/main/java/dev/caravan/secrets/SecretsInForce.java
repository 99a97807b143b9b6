package dev.caravan.secrets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The secrets at one moment, sorted so that a request finds the few that are possible without
 * looking at the others. Immutable, for every thread.
 */
public final class SecretsInForce {
  private final List<LabelledSecret> valid;
  private final List<LabelledSecret> retired;
  private final Candidates forAnyHook;
  private final Map<String, Candidates> byHook;

  /**
   * @param valid those that may sign
   * @param retired those that may not, but are recognised when a request is refused
   */
  SecretsInForce(List<LabelledSecret> valid, List<LabelledSecret> retired) {
    this.valid = List.copyOf(valid);
    this.retired = List.copyOf(retired);
    List<LabelledSecret> forAny =
        valid.stream().filter(secret -> secret.scope().hooks().isEmpty()).toList();
    forAnyHook = new Candidates(forAny);
    Map<String, List<LabelledSecret>> lists = new HashMap<>();
    for (LabelledSecret secret : valid) {
      for (String hook : secret.scope().hooks()) {
        lists.computeIfAbsent(hook, key -> new ArrayList<>()).add(secret);
      }
    }
    byHook = new HashMap<>();
    lists.forEach(
        (hook, own) -> {
          own.addAll(forAny);
          byHook.put(hook, new Candidates(own));
        });
  }

  /** Secrets that may sign anything, under the labels 1, 2 and so on; their use is not kept. */
  public static SecretsInForce of(List<Secret> secrets) {
    List<LabelledSecret> labelled = new ArrayList<>();
    for (Secret secret : secrets) {
      labelled.add(
          new LabelledSecret(
              Integer.toString(labelled.size() + 1), secret, SecretScope.ALL, new SecretUse(0, 0)));
    }
    return new SecretsInForce(labelled, List.of());
  }

  /** Those that may sign. */
  public List<LabelledSecret> valid() {
    return valid;
  }

  /** Those that may no longer sign. */
  public List<LabelledSecret> retired() {
    return retired;
  }

  /** Whether some secrets are only for certain hooks, so that the hook's id must be known. */
  public boolean dependOnHook() {
    return !byHook.isEmpty();
  }

  /**
   * The first that fits, among those possible for a hook.
   *
   * @param hook its id as the request says it, or null
   */
  public @Nullable LabelledSecret find(@Nullable String hook, Predicate<LabelledSecret> fits) {
    Candidates candidates = hook == null ? null : byHook.get(hook);
    return (candidates == null ? forAnyHook : candidates).find(fits);
  }

  /** While one secret replaces another, the one that GitHub uses is tried first. */
  private static final class Candidates {
    private final LabelledSecret[] secrets;
    private int usual; // written without care: a wrong guess costs one more HMAC

    Candidates(List<LabelledSecret> secrets) {
      this.secrets = secrets.toArray(LabelledSecret[]::new);
    }

    @Nullable LabelledSecret find(Predicate<LabelledSecret> fits) {
      int first = usual;
      if (secrets.length > 0 && fits.test(secrets[first])) {
        return secrets[first];
      }
      for (int index = 0; index < secrets.length; index++) {
        if (index != first && fits.test(secrets[index])) {
          usual = index;
          return secrets[index];
        }
      }
      return null;
    }
  }
}
