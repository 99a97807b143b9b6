package dev.caravan.webhook.cloudevents;

import dev.caravan.delivery.Delivery;
import dev.caravan.webhook.payload.PayloadOutline;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds a delivery's CloudEvents attributes in its payload, by the CloudEvents GitHub adapter
 * (cloudevents/spec, cloudevents/adapters/github.md).
 *
 * <p>Our own rules apply where the adapter says nothing, or something impossible:
 *
 * <ul>
 *   <li>the type is always {@code com.github.<event>[.<action>]}, as headers and filters spell
 *       them; the adapter has {@code issue} for {@code issues}, and sometimes a ref's type or a
 *       state for the action;
 *   <li>without {@code repository.url}, the source is the organisation, the installation's account,
 *       or the sender;
 *   <li>an event the adapter does not know is treated as most are: the number or id, and the {@code
 *       updated_at}, of the object named like the event;
 *   <li>where the adapter says "current time", it is the time of receipt, which a retry keeps.
 * </ul>
 */
public final class CloudEventReader {
  /** The source of most events: the first of these that the payload has. */
  private static final List<String> SOURCES =
      List.of("repository.url", "organization.url", "installation.account.url", "sender.url");

  private static final String COMMENT = "comment.url";
  private static final String COMMIT = "comment.commit_id";

  private final Delivery delivery;
  private final List<String> sources;
  private final List<String> subjects;
  private final List<String> times;
  private final Map<String, String> payload;

  private CloudEventReader(Delivery delivery) {
    String event = delivery.event();
    this.delivery = delivery;
    this.sources = sources(event);
    this.subjects = subjects(event);
    this.times = times();
    this.payload =
        PayloadOutline.read(
            delivery.payload(),
            List.of(
                sources,
                subjects,
                times,
                event.equals("commit_comment") ? List.of(COMMIT) : List.of()));
  }

  /**
   * Reads as much of the payload as is needed.
   *
   * @throws IllegalArgumentException when it is not a JSON object
   */
  static CloudEvent read(Delivery delivery) {
    CloudEventReader reader = new CloudEventReader(delivery);
    return new CloudEvent(
        delivery.guid(),
        reader.type(),
        reader.source(),
        reader.first(reader.subjects),
        reader.time());
  }

  private String type() {
    String action = delivery.subject().action();
    return "com.github." + delivery.event() + (action == null ? "" : "." + action);
  }

  private String source() {
    String source = first(sources);
    String commit = payload.get(COMMIT);
    if (source == null) {
      return "github.com";
    }
    if (delivery.event().equals("marketplace_purchase")) {
      return parent(source);
    }
    return commit != null && payload.containsKey(COMMENT) ? source + "/" + commit : source;
  }

  private String time() {
    String happened = first(times);
    return happened != null && isTimestamp(happened) ? happened : delivery.receivedAt().toString();
  }

  /** The first of these that the payload has. */
  private @Nullable String first(List<String> paths) {
    return paths.stream().map(payload::get).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private static List<String> sources(String event) {
    String special =
        switch (event) {
          case "commit_comment" -> COMMENT;
          case "deployment_status" -> "deployment.url";
          case "github_app_authorization", "marketplace_purchase" -> "sender.url";
          case "installation", "installation_repositories" -> "installation.account.url";
          case "issue_comment" -> "issue.url";
          case "membership" -> "team.url";
          case "organization", "org_block" -> "organization.url";
          case "public", "repository", "repository_import" -> "repository.owner.url";
          case "pull_request_review", "pull_request_review_comment" -> "pull_request.url";
          default -> null;
        };
    if (event.equals("security_advisory")) {
      return List.of();
    }
    if (special == null) {
      return SOURCES;
    }
    List<String> sources = new ArrayList<>(List.of(special));
    sources.addAll(SOURCES);
    return sources;
  }

  private static List<String> subjects(String event) {
    return switch (event) {
      case "commit_comment", "issue_comment", "pull_request_review_comment" ->
          List.of("comment.id");
      case "create", "delete", "push" -> List.of("ref");
      case "deploy_key" -> List.of("key.id");
      case "deployment_status" -> List.of("deployment_status.url");
      case "fork" -> List.of("forkee.url");
      case "installation", "installation_repositories" -> List.of("installation.id");
      case "issues" -> List.of("issue.number");
      case "label" -> List.of("label.name");
      case "marketplace_purchase" -> List.of("marketplace_purchase.account.login");
      case "member", "membership" -> List.of("member.login");
      case "meta", "ping" -> List.of("hook_id");
      case "org_block" -> List.of("blocked_user.login");
      case "organization" -> List.of("membership.user.login");
      case "page_build" -> List.of("build.url");
      case "project" -> List.of("project.id");
      case "public", "repository", "repository_import" -> List.of("repository.name");
      case "pull_request_review" -> List.of("review.id");
      case "registry_package" -> List.of("registry_package.html_url");
      case "repository_vulnerability_alert" -> List.of("alert.id");
      case "security_advisory" -> List.of("security_advisory.ghsa_id");
      case "star", "watch" -> List.of();
      case "status" -> List.of("sha");
      case "team_add" -> List.of("team.id");
      default -> List.of(event + ".number", event + ".id");
    };
  }

  /** None for events that have no time in an object of their own. */
  private List<String> times() {
    String event = delivery.event();
    return switch (event) {
      case "create",
          "delete",
          "gollum",
          "ping",
          "push",
          "repository_dispatch",
          "workflow_dispatch" ->
          List.of();
      case "check_run" -> List.of("check_run.completed_at", "check_run.started_at");
      case "commit_comment", "issue_comment" -> List.of("comment.updated_at");
      case "deploy_key" -> List.of("key.deleted_at", "key.created_at");
      case "fork" -> List.of("forkee.created_at");
      case "issues" -> List.of("issue.updated_at");
      case "marketplace_purchase" -> List.of("effective_date");
      case "meta" -> List.of("hook.updated_at");
      case "page_build" -> List.of("pusher.updated_at");
      case "public", "repository", "repository_import" -> List.of("repository.updated_at");
      case "pull_request_review" -> List.of("review.submitted_at");
      case "pull_request_review_comment" -> List.of("pull_request.updated_at");
      case "release" ->
          List.of(
              "release." + delivery.subject().action() + "_at",
              "release.published_at",
              "release.created_at");
      case "star" -> List.of("starred_at");
      case "status", "team" -> List.of("updated_at");
      default -> List.of(event + ".updated_at");
    };
  }

  private static String parent(String url) {
    return url.substring(0, Math.max(url.lastIndexOf('/'), 1));
  }

  /** Some fields with a time's name hold a number, which CloudEvents does not allow. */
  private static boolean isTimestamp(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
