package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ingress.ByteBudget.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget(100);
  private final List<String> granted = new ArrayList<>();

  @Test
  void bytesAreTakenWhileThereAreSome() {
    assertThat(take(60, "a")).isEqualTo(Outcome.TAKEN);
    assertThat(take(40, "b")).isEqualTo(Outcome.TAKEN);
    assertThat(budget.free()).isZero();
    assertThat(take(1, "c")).isEqualTo(Outcome.IN_LINE);
  }

  @Test
  void whoCameFirstIsServedFirstEvenIfSomebodyBehindWantsLess() {
    take(100, "a");
    take(60, "b");
    take(10, "c");

    budget.release(50);
    assertThat(granted).isEmpty();
    budget.release(50);
    assertThat(granted).containsExactly("b", "c");
    assertThat(budget.free()).isEqualTo(30);
  }

  @Test
  void nobodyOvertakesTheLine() {
    take(90, "a");
    take(20, "b");

    assertThat(take(5, "c")).isEqualTo(Outcome.IN_LINE);
  }

  @Test
  void whoLeavesTheLineLetsTheNextOneThrough() {
    take(90, "a");
    ByteBudget.Waiter large = () -> granted.add("large");
    budget.take(50, 1, large);
    take(10, "small");

    budget.leave(large);

    assertThat(granted).containsExactly("small");
    assertThat(budget.isAwaited()).isFalse();
  }

  @Test
  void theLineHoldsNoMoreThanTheBudget() {
    take(100, "a");
    assertThat(budget.take(10, 70, () -> granted.add("b"))).isEqualTo(Outcome.IN_LINE);
    assertThat(budget.take(10, 70, () -> granted.add("c"))).isEqualTo(Outcome.LINE_FULL);
    budget.release(100);

    assertThat(granted).containsExactly("b");
    assertThat(budget.free()).isEqualTo(90);
  }

  private Outcome take(long bytes, String name) {
    return budget.take(bytes, 1, () -> granted.add(name));
  }
}
