package dev.caravan.webhook.filter;

import dev.caravan.delivery.Delivery;
import dev.caravan.webhook.payload.PayloadReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that a push added, modified or removed, according to the commits in its payload. */
final class ChangedFiles {
  /** The most commits that GitHub lists in a push. */
  private static final int MOST_COMMITS = 2048;

  /** The most files that it lists in a commit. */
  private static final int MOST_FILES = 3000;

  private static final List<String> LISTS = List.of("added", "modified", "removed");

  private ChangedFiles() {}

  /**
   * Their paths; none for the deletion of a branch, and null when the payload does not tell: past
   * GitHub's limits, or without commits of its own, as when a branch is created from known commits
   * or reset.
   *
   * @throws IllegalArgumentException when its payload is not a JSON object
   */
  static @Nullable List<String> of(Delivery push) {
    Map<String, Object> payload = PayloadReader.read(push.payload());
    if (Boolean.TRUE.equals(payload.get("deleted"))) {
      return List.of();
    }
    if (!(payload.get("commits") instanceof List<?> commits)
        || commits.isEmpty()
        || commits.size() >= MOST_COMMITS) {
      return null;
    }
    List<String> files = new ArrayList<>();
    for (Object commit : commits) {
      int before = files.size();
      for (String list : LISTS) {
        if (!(commit instanceof Map<?, ?> object) || !(object.get(list) instanceof List<?> names)) {
          return null;
        }
        names.forEach(name -> files.add(String.valueOf(name)));
      }
      if (files.size() - before >= MOST_FILES) {
        return null;
      }
    }
    return files;
  }
}
