package dev.caravan.log.tables;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.DeliveryName;
import dev.caravan.logging.LinesAbout;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what happens to deliveries that came before. */
public final class RepeatLines {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private RepeatLines() {}

  /** A hook has used a GUID again for another payload: it is kept, flagged, and not run. */
  public static void differing(Delivery delivery, long position) {
    about(delivery)
        .during(
            () ->
                LOG.warn(
                    "Delivery {} came again from the same hook with another payload. It is kept and not run; see it with: caravan deliveries show {} --position {}; run it with: caravan replay {} --position {}",
                    delivery.guid(),
                    delivery.guid(),
                    position,
                    delivery.guid(),
                    position));
  }

  /** The same payload came before under another GUID. */
  public static void copy(Delivery delivery, String first) {
    about(delivery)
        .during(
            () ->
                LOG.warn(
                    "Delivery {} has the payload of {}, byte for byte, and is not run (caravan.dedupe is content). To run that one again: caravan replay {}",
                    delivery.guid(),
                    first,
                    first));
  }

  /**
   * The same payload came again under the same GUID.
   *
   * @param name the name for commands
   * @param again the subscriptions that run it
   * @param done those that have completed it, each with the time if known
   */
  public static void repeat(
      Delivery delivery, DeliveryName name, List<String> again, List<String> done) {
    String runs = again.isEmpty() ? "" : " It runs for " + String.join(", ", again) + ".";
    String completed =
        done.isEmpty()
            ? ""
            : " Completed by %s; to run it again: caravan replay %s"
                .formatted(String.join(", ", done), name);
    about(delivery)
        .during(() -> LOG.info("Delivery {} came again.{}{}", delivery.guid(), runs, completed));
  }

  private static LinesAbout about(Delivery delivery) {
    return new LinesAbout(delivery.guid(), delivery.event(), delivery.subject().repository());
  }
}
