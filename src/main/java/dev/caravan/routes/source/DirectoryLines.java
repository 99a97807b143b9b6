package dev.caravan.routes.source;

import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Logs, once while it lasts, that the directory of the route files cannot be read, and which of its
 * files are not read.
 *
 * <p>Not safe for use by several threads.
 */
public final class DirectoryLines {
  private final RouteDirectory directory;
  private final Logger log;
  private Map<String, String> passedOver = Map.of();
  private boolean isUnreadable;

  public DirectoryLines(RouteDirectory directory, Logger log) {
    this.directory = directory;
    this.log = log;
  }

  /** Files that are not read, by name, with what to do about each. */
  public Map<String, String> passedOver() {
    return passedOver;
  }

  /** Takes the files that are not read now, and logs new ones. */
  public void passedOver(Map<String, String> found) {
    found.forEach(
        (name, why) -> {
          if (!passedOver.containsKey(name)) {
            log.warn("{} is not read: {}.", directory.file(name), why);
          }
        });
    passedOver = found;
  }

  public void readable() {
    isUnreadable = false;
  }

  public void unreadable(IOException error) {
    if (!isUnreadable) {
      log.error(
          "{} {}. Running routes keep running; changes are picked up once it can be read.",
          directory,
          RouteDirectory.reason(error));
    }
    isUnreadable = true;
  }
}
