package dev.caravan.log.dispatch.attempts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.attempts.RouteMemory.Hold;
import dev.caravan.webhook.CapturedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who gets memory for large bodies, on a clock of the test's own. */
class RouteMemoryTest {
  private static final int MIB = 1 << 20;

  private final ManualTiming timing = new ManualTiming(new Random(1));
  private final List<String> told = new ArrayList<>();
  private final RouteMemory memory = new RouteMemory(8 * MIB, timing);
  private final RouteMemory.User a = user("a");
  private final RouteMemory.User b = user("b");
  private final RouteMemory.User c = user("c");

  private RouteMemory.User user(String name) {
    return new RouteMemory.User() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void memoryFreed() {
        told.add(name);
      }
    };
  }

  @Test
  void aSmallBodyNeedsNoMemory() {
    Hold all = memory.take(a, 20 * MIB);

    assertThat(all).isNotNull();
    assertThat(memory.take(b, 300 * 1024)).isNull();
    assertThat(memory.take(b, 256 * 1024)).isNotNull();
  }

  @Test
  void oneSubscriptionGetsHalfOrOneLargerBody() {
    assertThat(memory.take(a, 3 * MIB)).isNotNull();
    assertThat(memory.take(a, 2 * MIB)).isNull();
    assertThat(memory.take(a, MIB)).isNotNull();
    assertThat(memory.take(b, 4 * MIB)).isNotNull();
  }

  @Test
  void aWaiterIsToldWhenMemoryIsReleased() {
    Hold all = memory.take(a, 8 * MIB);
    assertThat(memory.take(b, 5 * MIB)).isNull();
    assertThat(told).isEmpty();

    memory.giveBack(all);

    assertThat(told).containsExactly("b");
    assertThat(memory.take(b, 5 * MIB)).isNotNull();
  }

  @Test
  void aSmallerOneDoesNotOvertakeALargerOneThatWaits() {
    Hold half = memory.take(a, 6 * MIB);
    assertThat(memory.take(b, 8 * MIB)).isNull();
    assertThat(memory.take(c, MIB)).isNull();

    memory.giveBack(half);
    assertThat(told).containsExactly("b", "c");
    assertThat(memory.take(c, MIB)).isNull();
    Hold all = memory.take(b, 8 * MIB);
    assertThat(all).isNotNull();
    memory.giveBack(all);
    assertThat(memory.take(c, MIB)).isNotNull();
  }

  @Test
  void aWaiterThatLeftTheLineHoldsUpNobody() {
    memory.take(a, 6 * MIB);
    assertThat(memory.take(b, 8 * MIB)).isNull();
    assertThat(memory.take(c, MIB)).isNull();

    memory.forget(b);
    timing.pass(0);

    assertThat(told).containsExactly("c");
    assertThat(memory.take(c, MIB)).isNotNull();
  }

  @Test
  void aRouteThatHangsDoesNotHoldTheMemoryOfOthersForLongerThanAMinute() {
    assertThat(memory.take(a, 20 * MIB)).isNotNull();
    assertThat(memory.take(b, 20 * MIB)).isNull();

    timing.pass(RouteMemory.LONG_MILLIS);

    assertThat(told).containsExactly("b");
    try (CapturedLog lines = new CapturedLog("dev.caravan.subscription")) {
      Hold other = memory.take(b, 20 * MIB);
      assertThat(other).isNotNull();
      assertThat(memory.take(c, MIB)).isNull();
      memory.giveBack(other);
      assertThat(memory.take(c, MIB)).isNotNull();
      assertThat(memory.take(a, MIB)).isNull(); // it has had its share
      assertThat(lines.lines())
          .singleElement()
          .asString()
          .startsWith("WARN")
          .contains("Subscription \"a\"");
    }
  }

  @Test
  void memoryReleasedTwiceCountsOnce() {
    Hold first = memory.take(a, 8 * MIB);
    memory.giveBack(first);
    Hold second = memory.take(b, 8 * MIB);
    memory.giveBack(first);

    assertThat(second).isNotNull();
    assertThat(memory.take(c, MIB)).isNull();
  }
}
