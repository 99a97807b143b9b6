package dev.caravan.webhook.filter;

import dev.caravan.delivery.Delivery;
import dev.caravan.webhook.payload.PayloadOutline;
import dev.caravan.webhook.payload.PayloadReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The branch that an event is about, by its payload. */
final class Branches {
  private static final String HEADS = "refs/heads/";

  /** The path of the branch in the payload, by event: a name or a whole ref. */
  private static final Map<String, String> PATHS =
      Map.ofEntries(
          Map.entry("check_run", "check_run.check_suite.head_branch"),
          Map.entry("check_suite", "check_suite.head_branch"),
          Map.entry("code_scanning_alert", "ref"),
          Map.entry("create", "ref"),
          Map.entry("delete", "ref"),
          Map.entry("deployment", "deployment.ref"),
          Map.entry("deployment_status", "deployment.ref"),
          Map.entry("merge_group", "merge_group.base_ref"),
          Map.entry("pull_request", "pull_request.base.ref"),
          Map.entry("pull_request_review", "pull_request.base.ref"),
          Map.entry("pull_request_review_comment", "pull_request.base.ref"),
          Map.entry("pull_request_review_thread", "pull_request.base.ref"),
          Map.entry("push", "ref"),
          Map.entry("repository_dispatch", "branch"),
          Map.entry("workflow_dispatch", "ref"),
          Map.entry("workflow_job", "workflow_job.head_branch"),
          Map.entry("workflow_run", "workflow_run.head_branch"));

  /** Events that have a full ref: a name alone is no branch there. */
  private static final Set<String> WITH_WHOLE_REFS = Set.of("push", "code_scanning_alert");

  private static final String TYPE = "ref_type";

  private Branches() {}

  /** Whether payloads of this event name a branch. */
  static boolean areNamedBy(String event) {
    return PATHS.containsKey(event) || event.equals("status");
  }

  /**
   * The names of the delivery's branches: one, several for a commit's status, none if it is about a
   * tag or no branch at all.
   *
   * @throws IllegalArgumentException when its payload is not a JSON object
   */
  static List<String> of(Delivery delivery) {
    if (delivery.event().equals("status")) {
      return ofStatus(PayloadReader.read(delivery.payload()));
    }
    String path = PATHS.get(delivery.event());
    if (path == null) {
      return List.of();
    }
    // For creations and deletions, the type tells whether it is a branch.
    boolean isTyped = delivery.event().equals("create") || delivery.event().equals("delete");
    Map<String, String> outline =
        PayloadOutline.read(
            delivery.payload(), List.of(List.of(path), isTyped ? List.of(TYPE) : List.of()));
    String branch = branch(delivery.event(), outline.get(path), outline.get(TYPE));
    return branch == null ? List.of() : List.of(branch);
  }

  private static @Nullable String branch(
      String event, @Nullable String ref, @Nullable String type) {
    if (ref == null) {
      return null;
    }
    if (ref.startsWith(HEADS)) {
      return ref.substring(HEADS.length());
    }
    boolean isOther =
        ref.startsWith("refs/")
            || WITH_WHOLE_REFS.contains(event)
            || (type != null && !type.equals("branch"));
    return isOther ? null : ref;
  }

  private static List<String> ofStatus(Map<String, Object> payload) {
    return payload.get("branches") instanceof List<?> branches
        ? branches.stream()
            .map(branch -> branch instanceof Map<?, ?> object ? object.get("name") : null)
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .toList()
        : List.of();
  }
}
