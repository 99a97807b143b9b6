package dev.caravan.log.tables;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what retention has done. */
public final class RetentionLines {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private RetentionLines() {}

  /**
   * It has deleted bodies, if any.
   *
   * @param newest when the newest of them was received, in milliseconds since 1970
   * @param before what was received earlier is too old
   */
  public static void deleted(int bodies, long newest, long before) {
    if (bodies > 0) {
      LOG.info(
          "Retention deleted {} bodies, the newest received at {}{}.",
          bodies,
          Instant.ofEpochMilli(newest),
          newest < before ? "" : ", since the log had grown to caravan.retention.size");
    }
  }

  /** Among them were deliveries that a subscription had not finished. */
  public static void expired(int count, String subscription) {
    LOG.error(
        "{} deliveries that \"{}\" had not finished are dead-lettered as expired: retention deleted their bodies. A redelivery from GitHub runs one again.",
        count,
        subscription);
  }

  /** It has forgotten deliveries, if any. */
  public static void forgotten(int deliveries) {
    if (deliveries > 0) {
      LOG.info("Retention forgot {} deliveries whose bodies were gone.", deliveries);
    }
  }
}
