package dev.caravan.delivery;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The events GitHub documents, to notice a misspelt name. GitHub adds events, so an unknown name is
 * not an error.
 *
 * <p>From GitHub's documentation, "Webhook events and payloads", read in July 2026, with the
 * retired ones that old servers still send.
 */
public final class KnownEvents {
  private static final List<String> NAMES =
      Stream.of(
              """
              branch_protection_configuration branch_protection_rule check_run check_suite
              code_scanning_alert commit_comment content_reference create custom_property
              custom_property_values delete dependabot_alert deploy_key deployment
              deployment_protection_rule deployment_review deployment_status discussion
              discussion_comment fork github_app_authorization gollum installation
              installation_repositories installation_target issue_comment issue_dependencies issues
              label marketplace_purchase member membership merge_group meta milestone org_block
              organization package page_build personal_access_token_request ping project project_card
              project_column projects_v2 projects_v2_item projects_v2_status_update public
              pull_request pull_request_review pull_request_review_comment pull_request_review_thread
              push registry_package release repository repository_advisory repository_dispatch
              repository_import repository_ruleset repository_vulnerability_alert
              secret_scanning_alert secret_scanning_alert_location secret_scanning_scan
              security_advisory security_and_analysis sponsorship star status sub_issues team team_add
              watch workflow_dispatch workflow_job workflow_run
              """
                  .split("\\s+"))
          .toList();

  private static final int MOST_SUGGESTIONS = 3;

  private KnownEvents() {}

  /** All of them. */
  public static List<String> names() {
    return NAMES;
  }

  /** Whether GitHub documents an event of that name. */
  public static boolean contain(String name) {
    return NAMES.contains(name);
  }

  /**
   * One sentence for each event asked for that GitHub does not document.
   *
   * @param events as a route asks for them: a name, a name with an action, or {@code *}
   */
  public static List<String> doubtsAbout(Collection<String> events) {
    return events.stream()
        .map(event -> event.split("\\.", 2)[0])
        .filter(name -> !name.equals("*") && !NAMES.contains(name))
        .distinct()
        .map(
            name ->
                "GitHub documents no event '%s'. The nearest names are %s. Until GitHub sends such an event, nothing comes."
                    .formatted(name, String.join(", ", nearest(name))))
        .toList();
  }

  /** The names that take the fewest edits to become this one; those that begin alike come first. */
  static List<String> nearest(String name) {
    return NAMES.stream()
        .sorted(Comparator.comparingInt(known -> edits(name, known)))
        .limit(MOST_SUGGESTIONS)
        .toList();
  }

  /** Levenshtein's distance. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int line = 1; line <= from.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column < row.length; column++) {
        int replaced = diagonal + (from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(replaced, 1 + Math.min(row[column], row[column - 1]));
      }
    }
    return row[to.length()];
  }
}
