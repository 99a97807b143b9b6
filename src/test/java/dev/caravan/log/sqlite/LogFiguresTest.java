package dev.caravan.log.sqlite;

import static dev.caravan.log.TestLog.delivery;
import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.LogFiguresContract;
import dev.caravan.log.LogUnderTest;
import dev.caravan.log.Receipt;
import dev.caravan.log.Retention;
import dev.caravan.log.figures.SubscriptionFigures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the embedded engine says of itself in numbers. */
class LogFiguresTest extends LogFiguresContract {
  @Override
  protected LogUnderTest open(Path place, Dedupe dedupe, Retention retention) {
    return new SqliteLogUnderTest(place, dedupe, retention);
  }

  private static final int LOOK_AHEAD = 10_000; // how much one subscription has in memory

  /** Then it is the most that it can be: counting one by one would take as long as it is large. */
  @Test
  void aVeryLargeLagIsNotCountedOneByOne() {
    log.subscribe(log.wanted("ci", "push").settings(), attempt -> {}).pause();
    int pushes = SubscriptionFigures.MOST_COUNTED + 2 * LOOK_AHEAD; // some are in memory
    List<CompletableFuture<Receipt>> appends = new ArrayList<>();
    for (int index = 0; index < pushes; index++) {
      appends.add(log.log().append(push("acme/rocket")));
    }
    Delivery other = delivery("1", "star", "created", "acme/rocket", "{}");
    CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).join();
    log.append(other);

    assertThat(ci().lag()).isEqualTo(pushes + 1);
    assertThat(ci().lagSeconds()).isPositive();
    assertThat(log.history().subscriptions().get(0).lag()).isEqualTo(pushes);
  }

  @Test
  void theFileAndWhatIsLeftBesideItAreMeasured() {
    log.append(push("acme/rocket"));

    assertThat(log.figures().bytesOnDisk()).isGreaterThan(4096);
    assertThat(log.figures().bytesFree()).isPositive();
  }
}
