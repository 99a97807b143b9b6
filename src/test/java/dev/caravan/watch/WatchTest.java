package dev.caravan.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What happens when a look fails. */
class WatchTest {
  private final AtomicInteger looks = new AtomicInteger();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<Integer> taken = new CopyOnWriteArrayList<>();

  @Test
  void anErrorIsComplainedAboutOnceAndTheNextLookComes() {
    Watch<Integer> watch = new Watch<>("test-watch", Duration.ofMillis(5), new FailsAtFirst(), 0);
    try {
      await().untilAsserted(() -> assertThat(taken).containsExactly(7));
    } finally {
      watch.close();
    }
    assertThat(complaints).singleElement().asString().contains("NoClassDefFoundError: gone");
  }

  private final class FailsAtFirst implements Watch.Subject<Integer> {
    @Override
    public Integer look() {
      if (looks.incrementAndGet() <= 2) {
        throw new NoClassDefFoundError("gone");
      }
      return 7;
    }

    @Override
    public void take(Integer changed) {
      taken.add(changed);
    }

    @Override
    public void complain(String sentence) {
      complaints.add(sentence);
    }
  }
}
