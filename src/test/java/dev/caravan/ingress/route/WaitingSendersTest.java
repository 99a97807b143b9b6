package dev.caravan.ingress.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitingSendersTest {
  private static final long MILLISECOND = 1_000_000;

  private long now = 5;
  private int reports;
  private final WaitingSenders senders = new WaitingSenders(() -> reports++, () -> now);

  /** 2,000 requests a second, and a flush that takes 20 ms now and then. */
  @Test
  void oneSlowFlushInAHundredMillisecondsIsNoRush() {
    for (int flush = 0; flush < 10; flush++) {
      answerAllAfter(40);
      for (int request = 0; request < 160; request++) {
        answerAllAfter(1);
      }
    }

    assertThat(reports).isZero();
  }

  @Test
  void sendersWaitAsLongAsMostFindManyBeforeThem() {
    for (int round = 0; round < 1000; round++) { // two a millisecond
      answerAllAfter(64);
      now += 4 * MILLISECOND;
    }
    int whileTheyCame = reports;
    for (int request = 0; request < 1000; request++) {
      answerAllAfter(8);
    }

    assertThat(whileTheyCame).isGreaterThan(500);
    assertThat(reports).isLessThanOrEqualTo(whileTheyCame + 1);
  }

  private void answerAllAfter(int requests) {
    for (int request = 0; request < requests; request++) {
      now += MILLISECOND / 2;
      senders.came();
    }
    for (int request = 0; request < requests; request++) {
      senders.answered();
    }
  }
}
