package dev.caravan.ingress.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ingress.memory.ByteBudget.Outcome;
import dev.caravan.ingress.request.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private static final long SECOND = 1_000_000_000;

  private final ByteBudget budget = new ByteBudget(100);
  private final long now = System.nanoTime();
  private final List<String> told = new ArrayList<>();

  @Test
  void bytesAreTakenWhileThereAreSome() {
    assertThat(budget.take(60)).isTrue();
    assertThat(budget.take(40)).isTrue();
    assertThat(budget.free()).isZero();
    assertThat(budget.take(1)).isFalse();
  }

  @Test
  void theSmallestIsServedFirst() {
    budget.take(100);
    all(body("a", "x", 60, now));
    all(body("b", "x", 10, now));

    budget.release(50);
    assertThat(told).containsExactly("b granted");
    budget.release(50);
    assertThat(told).containsExactly("b granted", "a granted");
    assertThat(budget.free()).isEqualTo(30);
  }

  @Test
  void aSenderThatHasMuchIsServedLater() {
    budget.take(60);
    BodyShare much = body("much", "x", 40, now);
    assertThat(budget.grow(much, 20, 1, now)).isEqualTo(Outcome.TAKEN);
    budget.take(20);
    all(body("a", "x", 10, now));
    all(body("b", "y", 20, now));

    budget.release(25);

    assertThat(told).containsExactly("b granted");
  }

  @Test
  void aBodyThatLeavesTheLineLetsTheNextOneThrough() {
    budget.take(90);
    BodyShare left = body("left", "x", 10, now);
    budget.take(10);
    all(left);
    all(body("b", "x", 20, now));

    budget.end(left);
    budget.release(20);

    assertThat(told).containsExactly("b granted");
  }

  @Test
  void slowBodiesGiveWayForOneThatWaitsTheSlowestFirstAndNoMoreThanAreNeeded() {
    for (int age = 1; age <= 5; age++) {
      all(body("aged-" + age, "x", 20, now - age * SECOND));
    }

    assertThat(all(body("young", "y", 30, now))).isEqualTo(Outcome.IN_LINE);

    assertThat(told).containsExactly("aged-5 gives way", "aged-4 gives way");
    budget.makeRoom(now);
    assertThat(told).hasSize(2);
  }

  @Test
  void ofTwoThatAreEquallySlowThatOfTheSenderWithMoreGivesWay() {
    all(body("single", "x", 30, now - SECOND));
    all(body("one", "y", 30, now - SECOND));
    all(body("two", "y", 30, now - SECOND));

    all(body("young", "z", 20, now));

    assertThat(told).singleElement().asString().isIn("one gives way", "two gives way");
  }

  @Test
  void nobodyGivesWayForOneThatIsSlowItself() {
    all(body("a", "x", 90, now - SECOND));

    all(body("slow", "x", 20, now - SECOND));

    assertThat(told).isEmpty();
  }

  @Test
  void aBodyThatIsHereDoesNotGiveWay() {
    BodyShare here = body("here", "x", 90, now - 5 * SECOND);
    all(here);
    budget.end(here);

    all(body("young", "x", 20, now));

    assertThat(told).isEmpty();
    budget.release(90);
    assertThat(told).containsExactly("young granted");
  }

  @Test
  void twoThatGrowDoNotEachHoldWhatTheOtherNeeds() {
    BodyShare one = body("one", "x", 80, now);
    BodyShare two = body("two", "y", 80, now);
    assertThat(budget.grow(one, 40, 1, now)).isEqualTo(Outcome.TAKEN);

    assertThat(budget.grow(two, 40, 1, now)).isEqualTo(Outcome.IN_LINE);
    assertThat(budget.grow(one, 80, 1, now)).isEqualTo(Outcome.TAKEN);
    budget.end(one);
    budget.release(80);

    assertThat(told).containsExactly("two granted");
  }

  @Test
  void aBodyThatHasAPartContinuesFirst() {
    BodyShare growing = body("growing", "x", 100, now);
    budget.grow(growing, 20, 1, now);
    for (String name : List.of("b", "c", "d")) {
      assertThat(budget.grow(body(name, "x", 100, now), 20, 1, now)).isEqualTo(Outcome.IN_LINE);
    }

    assertThat(budget.grow(growing, 40, 1, now)).isEqualTo(Outcome.TAKEN);
    assertThat(budget.grow(growing, 80, 1, now)).isEqualTo(Outcome.TAKEN);
    assertThat(budget.grow(growing, 100, 1, now)).isEqualTo(Outcome.TAKEN);
  }

  @Test
  void aBodyThatHasAPartIsServedBeforeThoseWithoutOne() {
    BodyShare growing = body("growing", "x", 100, now);
    budget.grow(growing, 20, 1, now);
    assertThat(budget.grow(body("other", "y", 100, now), 20, 1, now)).isEqualTo(Outcome.IN_LINE);
    BodyShare small = body("small", "y", 10, now);
    assertThat(all(small)).isEqualTo(Outcome.TAKEN);
    budget.end(small);
    assertThat(budget.grow(growing, 40, 1, now)).isEqualTo(Outcome.IN_LINE);

    budget.release(10);

    assertThat(told).containsExactly("growing granted");
  }

  @Test
  void theLineHoldsNoMoreThanTheBudgetAndItsLargestGivesWay() {
    budget.take(100);
    assertThat(budget.grow(body("a", "x", 30, now), 30, 1200 << 10, now))
        .isEqualTo(Outcome.IN_LINE);
    assertThat(budget.grow(body("b", "x", 40, now), 40, 1200 << 10, now))
        .isEqualTo(Outcome.LINE_FULL);
    assertThat(budget.grow(body("c", "x", 10, now), 10, 1200 << 10, now))
        .isEqualTo(Outcome.IN_LINE);

    assertThat(told).containsExactly("a gives way");
  }

  /** All it wants, at once. */
  private Outcome all(BodyShare share) {
    return budget.grow(share, share.most, 1, now);
  }

  private BodyShare body(String name, String peer, long most, long since) {
    BodyShare.Owner owner =
        new BodyShare.Owner() {
          @Override
          public long arrived() {
            return 1;
          }

          @Override
          public void granted(long bytes) {
            told.add(name + " granted");
          }

          @Override
          public void giveWay(Answer answer) {
            told.add(name + " gives way");
          }
        };
    return new BodyShare(owner, peer, most, most, 0, since);
  }
}
