package dev.caravan.log.postgres;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.postgres.shards.Shards;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.testing.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Between a node and its database are some milliseconds, as between two data centres. */
class DistantDatabaseTest extends FirstNode {
  private static final int UNFINISHED = 3000;

  private final List<Attempt> hanging = new CopyOnWriteArrayList<>();

  /** In one query, not in one for each. */
  @Test
  void aNodeThatTakesOverALongLaneSoonRunsIt() {
    Subscription first = log.subscribe(log.wanted("ci", "*").settings(), this::hang);
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (int index = 0; index < UNFINISHED; index++) {
      sent.add(log.log().append(push("acme/rocket")));
    }
    sent.forEach(CompletableFuture::join);
    log.append(push(besideRocket()));
    await().until(() -> engine.count("attempt") == 1);
    await().until(() -> engine.number("SELECT max(length(unfinished)) FROM cursor") >= UNFINISHED);

    try (Relay relay = engine.relay();
        PostgresDeliveryLog other =
            PostgresDeliveryLog.open(engine.place(relay, Duration.ofSeconds(5)), TestLog.OPTIONS)) {
      relay.slow(Duration.ofMillis(2), 0);
      List<Attempt> there = new CopyOnWriteArrayList<>();
      first.close();
      hanging.get(0).succeeded();
      long before = relay.packets();
      other.subscribe(log.wanted("ci", "*").settings(), there::add);

      await().atMost(Duration.ofSeconds(60)).until(() -> there.size() == 1);
      assertThat(relay.packets() - before).isLessThan(UNFINISHED);
      assertThat(there.get(0).position()).isEqualTo(sent.get(1).join().position());
    }
  }

  private void hang(Attempt attempt) {
    if ("acme/rocket".equals(attempt.delivery().subject().repository())) {
      hanging.add(attempt);
    } else {
      attempt.succeeded();
    }
  }

  /** Another repository in the same shard. */
  private static String besideRocket() {
    int index = 0;
    while (Shards.ofRepository("acme/" + index) != Shards.ofRepository("acme/rocket")) {
      index++;
    }
    return "acme/" + index;
  }
}
