package dev.caravan.log.tables;

import dev.caravan.wording.Count;
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
          "Retention deleted {}, the newest received at {}{}.",
          Count.of(bodies, "body"),
          Instant.ofEpochMilli(newest),
          newest < before ? "" : ", since the log had grown to caravan.retention.size");
    }
  }

  /** Among them were deliveries that a subscription had not finished. */
  public static void expired(int count, String subscription) {
    LOG.error(
        "Dead-lettered as expired: {} that \"{}\" had not finished when retention deleted the bodies. A redelivery from GitHub runs one again.",
        Count.of(count, "delivery"),
        subscription);
  }

  /** It has forgotten deliveries, if any. */
  public static void forgotten(int deliveries) {
    if (deliveries > 0) {
      LOG.info("Retention forgot {} whose bodies were gone.", Count.of(deliveries, "delivery"));
    }
  }
}
