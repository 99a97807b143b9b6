package dev.caravan.log.postgres.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.postgres.nodes.NodeTable.Runners;
import dev.caravan.log.postgres.shards.Shards;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FairShareTest {
  private static final long SUBSCRIPTION = 5;

  @ParameterizedTest
  @CsvSource({"8, 8, 8", "4, 1, 2", "1, 4, 4", "1, 1, 1", "20, 3, 2"})
  void everyShardIsTakenOnceHoweverMuchConcurrencyEachNodeAllows(int first, int second, int third) {
    Runners runners = new Runners(List.of(1L, 2L, 3L), Math.min(first, Math.min(second, third)));

    int taken =
        FairShare.of(runners, 1, SUBSCRIPTION, first).shards()
            + FairShare.of(runners, 2, SUBSCRIPTION, second).shards()
            + FairShare.of(runners, 3, SUBSCRIPTION, third).shards();

    assertThat(taken).isEqualTo(Shards.COUNT);
  }

  @Test
  void attemptsAreSharedOutAmongThoseThatTakePart() {
    Runners runners = new Runners(List.of(1L, 2L), 5);

    assertThat(
            FairShare.of(runners, 1, SUBSCRIPTION, 5).attempts()
                + FairShare.of(runners, 2, SUBSCRIPTION, 5).attempts())
        .isEqualTo(5);
  }

  @Test
  void aNodeThatNobodyKnowsOfYetTakesAll() {
    assertThat(FairShare.of(null, 1, SUBSCRIPTION, 5)).isEqualTo(new FairShare(Shards.COUNT, 5));
  }
}
