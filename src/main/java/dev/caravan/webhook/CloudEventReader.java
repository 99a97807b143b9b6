package dev.caravan.webhook;

import dev.caravan.log.Delivery;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a delivery's CloudEvents attributes in its payload, by the CloudEvents GitHub adapter
 * (cloudevents/spec, cloudevents/adapters/github.md).
 *
 * <p>Ours where the adapter does not say, or says something no event can meet:
 *
 * <ul>
 *   <li>the type is always {@code com.github.<event>[.<action>]}, as the headers and the filter
 *       spell them; the adapter has {@code issue} for {@code issues}, and sometimes a ref's type or
 *       a state for the action;
 *   <li>without {@code repository.url}, the source is the organisation, the installation's account,
 *       or the sender;
 *   <li>an event the adapter does not know is treated as most are: the number or id, and the {@code
 *       updated_at}, of the object named like the event;
 *   <li>where the adapter says "current time", it is the time of receipt, which a retry keeps.
 * </ul>
 */
final class CloudEventReader {
  /** The last parts of all paths below, but for times. */
  private static final Set<String> NAMES =
      Set.of(
          "commit_id",
          "effective_date",
          "ghsa_id",
          "hook_id",
          "html_url",
          "id",
          "login",
          "name",
          "number",
          "ref",
          "sha",
          "url");

  private final Delivery delivery;
  private final Map<String, Object> payload;

  private CloudEventReader(Delivery delivery) {
    this.delivery = delivery;
    this.payload =
        PayloadOutline.read(
            delivery.payload(), name -> NAMES.contains(name) || name.endsWith("_at"));
  }

  /**
   * Reads the whole payload, to its end.
   *
   * @throws IllegalArgumentException when it is not a JSON object
   */
  static CloudEvent read(Delivery delivery) {
    CloudEventReader reader = new CloudEventReader(delivery);
    return new CloudEvent(
        delivery.guid(), reader.type(), reader.source(), reader.subject(), reader.time());
  }

  private String type() {
    String action = delivery.subject().action();
    return "com.github." + delivery.event() + (action == null ? "" : "." + action);
  }

  private String source() {
    String special =
        switch (delivery.event()) {
          case "commit_comment" -> joined("comment.url", "comment.commit_id");
          case "deployment_status" -> first("deployment.url");
          case "github_app_authorization" -> first("sender.url");
          case "installation", "installation_repositories" -> first("installation.account.url");
          case "issue_comment" -> first("issue.url");
          case "marketplace_purchase" -> parent(first("sender.url"));
          case "membership" -> first("team.url");
          case "organization", "org_block" -> first("organization.url");
          case "public", "repository", "repository_import" -> first("repository.owner.url");
          case "pull_request_review", "pull_request_review_comment" -> first("pull_request.url");
          case "security_advisory" -> "github.com";
          default -> null;
        };
    String source =
        special != null
            ? special
            : first("repository.url", "organization.url", "installation.account.url", "sender.url");
    return source != null ? source : "github.com";
  }

  private @Nullable String subject() {
    String event = delivery.event();
    return switch (event) {
      case "commit_comment", "issue_comment", "pull_request_review_comment" -> first("comment.id");
      case "create", "delete", "push" -> first("ref");
      case "deploy_key" -> first("key.id");
      case "deployment_status" -> first("deployment_status.url");
      case "fork" -> first("forkee.url");
      case "installation", "installation_repositories" -> first("installation.id");
      case "issues" -> first("issue.number");
      case "label" -> first("label.name");
      case "marketplace_purchase" -> first("marketplace_purchase.account.login");
      case "member", "membership" -> first("member.login");
      case "meta", "ping" -> first("hook_id");
      case "org_block" -> first("blocked_user.login");
      case "organization" -> first("membership.user.login");
      case "page_build" -> first("build.url");
      case "project" -> first("project.id");
      case "public", "repository", "repository_import" -> first("repository.name");
      case "pull_request_review" -> first("review.id");
      case "registry_package" -> first("registry_package.html_url");
      case "repository_vulnerability_alert" -> first("alert.id");
      case "security_advisory" -> first("security_advisory.ghsa_id");
      case "star", "watch" -> null;
      case "status" -> first("sha");
      case "team_add" -> first("team.id");
      default -> first(event + ".number", event + ".id");
    };
  }

  private String time() {
    String event = delivery.event();
    String happened =
        switch (event) {
          case "check_run" -> first("check_run.completed_at", "check_run.started_at");
          case "commit_comment", "issue_comment" -> first("comment.updated_at");
          case "deploy_key" -> first("key.deleted_at", "key.created_at");
          case "fork" -> first("forkee.created_at");
          case "issues" -> first("issue.updated_at");
          case "marketplace_purchase" -> first("effective_date");
          case "meta" -> first("hook.updated_at");
          case "page_build" -> first("pusher.updated_at");
          case "public", "repository", "repository_import" -> first("repository.updated_at");
          case "pull_request_review" -> first("review.submitted_at");
          case "pull_request_review_comment" -> first("pull_request.updated_at");
          case "release" ->
              first(
                  "release." + delivery.subject().action() + "_at",
                  "release.published_at",
                  "release.created_at");
          case "star" -> first("starred_at");
          case "status", "team" -> first("updated_at");
          default -> first(event + ".updated_at");
        };
    return happened != null && isTimestamp(happened) ? happened : delivery.receivedAt().toString();
  }

  /** The first of these that the payload has, such as {@code comment.id}. */
  private @Nullable String first(String... paths) {
    for (String path : paths) {
      Object value = payload;
      for (String key : path.split("\\.", -1)) {
        value = value instanceof Map<?, ?> object ? object.get(key) : null;
      }
      if (value instanceof String text) {
        return text;
      }
    }
    return null;
  }

  private @Nullable String joined(String path, String last) {
    String start = first(path);
    String end = first(last);
    return start == null || end == null ? start : start + "/" + end;
  }

  private static @Nullable String parent(@Nullable String url) {
    return url == null ? null : url.substring(0, Math.max(url.lastIndexOf('/'), 1));
  }

  /** Some fields with a time's name hold a number, which CloudEvents does not take. */
  private static boolean isTimestamp(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
