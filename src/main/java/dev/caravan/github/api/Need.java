package dev.caravan.github.api;

/**
 * What a call is for, for the error if it is refused.
 *
 * @param purpose such as {@code list the hooks of acme/rocket}
 * @param permission the permission that a token needs; empty when none helps
 */
record Need(String purpose, String permission) {
  static Need hooks(String what, HookOwner owner, boolean writing) {
    String level = writing ? "Read and write" : "Read-only";
    return new Need(
        what + " of " + owner,
        switch (owner.kind()) {
          case REPOSITORY ->
              "the repository permission \"Webhooks: %s\" (fine-grained token or App), or the scope %s (classic token)"
                  .formatted(level, writing ? "admin:repo_hook" : "read:repo_hook");
          case ORGANIZATION ->
              "the organization permission \"Webhooks: %s\" (fine-grained token or App), or the scope admin:org_hook (classic token) of an organization owner"
                  .formatted(level);
          case APP -> "";
        });
  }
}
