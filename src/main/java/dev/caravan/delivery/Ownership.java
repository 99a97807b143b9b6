package dev.caravan.delivery;

import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a payload, judged by everything in it that names an owner.
 *
 * @param repository {@code owner/name}, or null when it has none
 * @param owner the organisation or user that all of it names, or null when it names none
 * @param formerOwner what the owner was called before, in an event that says it was renamed
 * @param fault why that cannot be trusted when a scope applies, or null
 * @param mayNameNobody whether there is no owner in payloads of this event
 */
public record Ownership(
    @Nullable String repository,
    @Nullable String owner,
    @Nullable String formerOwner,
    @Nullable String fault,
    boolean mayNameNobody) {
  private static final List<PayloadField> OWNERS =
      List.of(
          PayloadField.REPOSITORY_OWNER,
          PayloadField.ORGANIZATION,
          PayloadField.INSTALLATION_ACCOUNT,
          PayloadField.ACCOUNT,
          PayloadField.SPONSORED);

  /** They tell an App that it works, and that a user is done with it. */
  private static final Set<String> WITHOUT_OWNER = Set.of("ping", "github_app_authorization");

  private static final Set<String> OF_RENAMING = Set.of("organization", "installation_target");

  /**
   * @throws InvalidPayloadException when a name is not one that GitHub gives
   */
  static Ownership of(FoundFields fields, String event) {
    String repository = fields.get(PayloadField.REPOSITORY);
    if (repository != null && !GitHubNames.isRepository(repository)) {
      throw new InvalidPayloadException(
          "The payload's repository.full_name is not a name that GitHub gives");
    }
    String owner = repository == null ? null : repository.substring(0, repository.indexOf('/'));
    String fault =
        fields.isOdd(PayloadField.REPOSITORY) ? "its repository is not as GitHub writes it" : null;
    for (PayloadField each : OWNERS) {
      String named = fields.get(each);
      if (named != null && !GitHubNames.isOwner(named)) {
        throw new InvalidPayloadException(
            "The payload's " + each + " is not a name that GitHub gives");
      }
      if (fields.isOdd(each)) {
        fault = "its " + each + " is not as GitHub writes it";
      } else if (named != null && owner != null && !named.equalsIgnoreCase(owner)) {
        fault = "it names two owners, " + owner + " and " + named;
      }
      owner = owner == null ? named : owner;
    }
    String former =
        OF_RENAMING.contains(event) && "renamed".equals(fields.get(PayloadField.ACTION))
            ? fields.get(PayloadField.FORMER_LOGIN)
            : null;
    return new Ownership(repository, owner, former, fault, WITHOUT_OWNER.contains(event));
  }

  /**
   * Whether it belongs to one of certain repositories and owners.
   *
   * @param covers whether a repository, as {@code owner/name}, or an owner is one of them
   */
  public boolean isWithin(BiPredicate<@Nullable String, @Nullable String> covers) {
    if (fault != null) {
      return false;
    }
    if (repository == null && owner == null) {
      return mayNameNobody;
    }
    return covers.test(repository, owner)
        || (formerOwner != null && repository == null && covers.test(null, formerOwner));
  }

  /** What it is about, for a log line. */
  @Override
  public String toString() {
    return repository != null
        ? "the repository " + repository
        : owner != null ? "the owner " + owner : "no repository and no owner";
  }
}
