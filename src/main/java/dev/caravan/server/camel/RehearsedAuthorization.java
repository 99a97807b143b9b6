package dev.caravan.server.camel;

/** Replaces {@link GitHubAuthorization} in a rehearsal, since that may ask GitHub for a token. */
public final class RehearsedAuthorization {
  /** A value of the header {@code Authorization} that nobody accepts. */
  public String of(String repository) {
    return "Bearer of-no-token-for-" + repository;
  }
}
