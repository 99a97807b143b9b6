package dev.caravan.log.postgres.shards;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.content.ContentCodec;

/**
 * The parts in which deliveries are distributed among nodes. All deliveries of a lane are in one of
 * them, whatever defines the lane. Stored with each delivery: neither their number nor this rule
 * may ever change.
 */
public final class Shards {
  public static final int COUNT = 16;

  private Shards() {}

  /** The shard of a delivery. */
  public static int of(Delivery.Subject subject, String guid) {
    String key =
        subject.repository() != null
            ? subject.repository()
            : subject.organization() != null
                ? "organization " + subject.organization()
                : subject.installation() != null ? "installation " + subject.installation() : guid;
    return ofKey(key);
  }

  /** The shard of a repository's deliveries. */
  public static int ofRepository(String repository) {
    return ofKey(repository);
  }

  private static int ofKey(String key) {
    return Math.floorMod(ContentCodec.checksum(key.getBytes(UTF_8)), COUNT);
  }
}
