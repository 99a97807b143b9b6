package dev.caravan.log;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * A process that uses a shared log.
 *
 * @param id its number in the log
 * @param name what people call it
 * @param isThis whether it is this process
 * @param since when it began
 * @param shards how many parts of subscriptions it runs
 * @param says what it says about itself, under {@link #VERSION} and the other names
 * @param differing the names under which it has said something else than this process for so long
 *     that nobody is just changing it
 */
public record LogNode(
    long id,
    String name,
    boolean isThis,
    Instant since,
    int shards,
    Map<String, String> says,
    Set<String> differing) {
  /** The version of the program. */
  public static final String VERSION = "version";

  /** A checksum of the route files that run. */
  public static final String ROUTES = "routes";

  /** A checksum of the secrets that may sign, too short to reveal them. */
  public static final String SECRETS = "secrets";

  /** A checksum of the settings that must be the same on all nodes. */
  public static final String SETTINGS = "settings";

  /** Why it accepts no deliveries, or an empty text. */
  public static final String TROUBLE = "trouble";

  /** How many deliveries wait on its disk to be appended to the log, or an empty text. */
  public static final String SPOOLED = "spooled";
}
