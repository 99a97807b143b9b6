package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MeanwhileTest {
  private boolean isStopped;

  @Test
  void aPartThatIsStillStartingIsStoppedOnceItHasStarted() {
    CountDownLatch canStart = new CountDownLatch(1);
    StartedParts started = new StartedParts();
    started.add(
        Meanwhile.start(
            "test",
            () -> {
              canStart.await();
              return () -> isStopped = true;
            }));
    started.add(canStart::countDown); // closed before it

    started.close();

    assertThat(isStopped).isTrue();
  }

  @Test
  void aFailureIsThrownToWhoeverWantsThePart() {
    try (Meanwhile<AutoCloseable> part =
        Meanwhile.start(
            "test",
            () -> {
              throw new CannotStartException("The port is taken.", new Exception());
            })) {
      assertThatThrownBy(part::get)
          .isInstanceOf(CannotStartException.class)
          .hasMessage("The port is taken.");
    }
  }
}
