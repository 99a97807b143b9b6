package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** What a node had kept on its disk for hours comes behind what others have appended meanwhile. */
class LateDeliveriesTest extends FirstNode {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  private Delivery receivedAgo(Duration time) {
    Delivery any = push("acme/rocket");
    return new Delivery(
        any.guid(),
        any.event(),
        any.subject(),
        now.minus(time),
        any.headers(),
        any.encoding(),
        any.body());
  }

  private void append(int count, int fromMinutesAgo, int toMinutesAgo) {
    Duration between = Duration.ofMinutes(fromMinutesAgo - toMinutesAgo).dividedBy(count);
    for (int index = 0; index < count; index++) {
      log.append(
          receivedAgo(Duration.ofMinutes(fromMinutesAgo).minus(between.multipliedBy(index))));
    }
  }

  private long found(int fromMinutesAgo, int toMinutesAgo) {
    DeliveryQuery query =
        DeliveryQuery.ALL.received(
            now.minus(Duration.ofMinutes(fromMinutesAgo)),
            now.minus(Duration.ofMinutes(toMinutesAgo)));
    assertThat(log.history().list(query, 1000).deliveries())
        .hasSize((int) log.history().count(query))
        .extracting(DeliverySummary::receivedAt)
        .allMatch(at -> !at.isBefore(now.minus(Duration.ofMinutes(fromMinutesAgo))));
    return log.history().count(query);
  }

  @Test
  void aSearchByTimeFindsThemAndWhatCameAroundThem() {
    append(60, 240, 180); // before the database was away
    append(60, 60, 0); // by another node, once it was back
    append(60, 180, 120); // what this one had kept
    append(60, 120, 60);

    assertThat(found(240, 180)).isEqualTo(60);
    assertThat(found(180, 120)).isEqualTo(60);
    assertThat(found(121, 119)).isEqualTo(2);
    assertThat(found(60, 0)).isEqualTo(60);
    assertThat(found(61, 30)).isEqualTo(31);
    assertThat(found(300, 0)).isEqualTo(240);
    engine.index();
    assertThat(found(180, 120)).isEqualTo(60);
  }
}
