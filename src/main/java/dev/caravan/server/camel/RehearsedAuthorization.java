package dev.caravan.server.camel;

/** Stands in a rehearsal for {@link GitHubAuthorization}, which may ask GitHub for a token. */
public final class RehearsedAuthorization {
  /** A value of the header {@code Authorization} that nobody accepts. */
  public String of(String repository) {
    return "Bearer of-no-token-for-" + repository;
  }
}
