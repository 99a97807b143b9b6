package dev.caravan.log.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.ProgramClasses;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemTimingTest {
  /** As with taskset, or CPUAffinity= of systemd. */
  @Test
  void aProgramThatFillsTheProcessorsItMayUseIsBusyWhileOthersRest()
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProgramClasses.commandOf(
                    OneBusyThread.class, List.of("-XX:ActiveProcessorCount=1")))
            .inheritIO()
            .start();

    assertThat(process.waitFor()).isEqualTo(OneBusyThread.SAYS_BUSY);
  }

  /** Uses one processor for a second, and says by its exit code whether that counts as busy. */
  static final class OneBusyThread {
    static final int SAYS_BUSY = 42;

    private OneBusyThread() {}

    public static void main(String[] arguments) {
      try (SystemTiming timing = new SystemTiming()) {
        boolean unused = timing.isProcessorBusy();
        long end = timing.threadNanos() + 1_000_000_000;
        while (timing.threadNanos() < end) {
          Thread.onSpinWait();
        }
        System.exit(timing.isProcessorBusy() ? SAYS_BUSY : 1);
      }
    }
  }
}
