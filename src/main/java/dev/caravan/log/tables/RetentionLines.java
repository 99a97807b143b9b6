package dev.caravan.log.tables;

import dev.caravan.log.Retention;
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
   * @param now in milliseconds since 1970
   */
  public static void deleted(int bodies, long newest, long before, long now) {
    if (bodies == 0) {
      return;
    }
    String deleted = Count.of(bodies, "body");
    Instant received = Instant.ofEpochMilli(newest);
    if (newest < before) {
      LOG.info("Retention deleted {}, the newest received at {}.", deleted, received);
    } else if (now - newest >= Retention.SHORTEST_AGE.toMillis()) {
      LOG.info(
          "Retention deleted {}, the newest received at {}, since the log had grown to caravan.retention.size.",
          deleted,
          received);
    } else {
      LOG.warn(
          "Retention deleted {}, the newest received at {}, less than an hour ago, since the log had grown to caravan.retention.size. Raise it: deliveries that a route has not finished become dead letters so soon.",
          deleted,
          received);
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
