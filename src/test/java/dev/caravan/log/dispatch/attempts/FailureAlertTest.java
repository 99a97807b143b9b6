package dev.caravan.log.dispatch.attempts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.dispatch.Outcome;
import dev.caravan.log.dispatch.Outcome.Next;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.testing.Promtool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alert of a subscription that fails, over hours in which its destination is down: what the
 * program counts then is given to Prometheus' own tool, minute by minute.
 */
class FailureAlertTest {
  private static final int DOWN_MINUTES = 6 * 60;
  private static final int MINUTES = 7 * 60;
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path directory;

  @Test
  void theAlertStaysFromTheFirstQuarterOfAnHourUntilTheDestinationIsBack() throws Exception {
    String series =
        series("fast", new RetryPolicy(1000, Duration.ofSeconds(1), Duration.ofSeconds(1)), 1)
            + series("usual", new RetryPolicy(20, Duration.ofSeconds(5), Duration.ofHours(1)), 1)
            + series("slow", new RetryPolicy(20, Duration.ofHours(1), Duration.ofHours(1)), 1)
            + series("many", new RetryPolicy(20, Duration.ofSeconds(1), Duration.ofHours(1)), 50);
    String during =
        IntStream.iterate(17, minute -> minute < DOWN_MINUTES, minute -> minute + 7)
            .mapToObj(minute -> firing(minute, "fast", "many", "slow", "usual"))
            .collect(Collectors.joining());
    Path test = directory.resolve("test.yml");
    Files.writeString(
        test,
        """
        rule_files: [%s]
        evaluation_interval: 1m
        tests:
          - interval: 1m
            input_series:
        %s
            promql_expr_test:
        %s%s%s
        """
            .formatted(
                Path.of("docs/prometheus-alerts.yml").toAbsolutePath(),
                series,
                firing(10),
                during,
                firing(MINUTES - 1)));

    Promtool.run(directory, "test", "rules", test.toString());
  }

  @Test
  void oneFailureAmongManySuccessesStartsNoAlert() {
    SubscriptionCounters counters = new SubscriptionCounters();
    for (int second = 0; second < 3600; second++) {
      counters.ended(outcome(second % 20 == 0 ? Next.RETRY : Next.DONE), second * SECOND);
    }

    assertThat(counters.failingSeconds(3600 * SECOND)).isZero();
  }

  @Test
  void aSubscriptionMostOfWhoseAttemptsFailIsFailingThoughSomeSucceed() {
    SubscriptionCounters counters = new SubscriptionCounters();
    Random random = new Random(7);
    for (int second = 0; second < 3600; second++) {
      counters.ended(outcome(random.nextInt(10) < 7 ? Next.RETRY : Next.DONE), second * SECOND);
    }

    assertThat(counters.failingSeconds(3600 * SECOND)).isGreaterThan(1800);
  }

  @Test
  void errorsAreCountedInAFewKindsWhateverTheirTexts() {
    assertThat(ErrorClass.of("ConnectException: Connection refused")).isEqualTo("ConnectException");
    assertThat(
            ErrorClass.of(
                "HttpOperationFailedException: HTTP operation failed invoking http://x/7 with statusCode: 503"))
        .isEqualTo("HttpOperationFailedException 503");
    assertThat(ErrorClass.of("expired: it is no longer kept")).isEqualTo("expired");
    assertThat(ErrorClass.of("whatever { else\" }")).isEqualTo("other");
  }

  /** What is seen of deliveries that fail from the first minute on, each with its own retries. */
  private static String series(String subscription, RetryPolicy policy, int deliveries) {
    SubscriptionCounters counters = new SubscriptionCounters();
    Random random = new Random(1);
    long[] nextAt = new long[deliveries];
    int[] failed = new int[deliveries];
    StringBuilder values = new StringBuilder();
    for (long second = 0; second < MINUTES * 60L; second++) {
      for (int each = 0; each < deliveries; each++) {
        if (nextAt[each] <= second) {
          boolean down = second < DOWN_MINUTES * 60L;
          counters.ended(outcome(down ? Next.RETRY : Next.DONE), second * SECOND);
          failed[each]++;
          nextAt[each] =
              down
                  ? second + Math.max(1, policy.pauseAfter(failed[each], random).toSeconds())
                  : Long.MAX_VALUE;
        }
      }
      if (second >= DOWN_MINUTES * 60L && second % 30 == 0) {
        counters.ended(outcome(Next.DONE), second * SECOND); // new ones come, and work
      }
      if (second % 60 == 0) {
        values.append(
            String.format(Locale.ROOT, "%.3f ", counters.failingSeconds(second * SECOND)));
      }
    }
    return """
              - series: 'caravan_subscription_failing_seconds{subscription="%s"}'
                values: "%s"
        """
        .formatted(subscription, values.toString().strip());
  }

  private static Outcome outcome(Next next) {
    return new Outcome(1, false, 1, 0, 5, next == Next.DONE ? null : "down", next, 0);
  }

  private static String firing(int minute, String... subscriptions) {
    return """
                  - expr: sum by (subscription) (ALERTS{alertname="CaravanSubscriptionFails", alertstate="firing"})
                    eval_time: %dm
                    exp_samples: [%s]
            """
        .formatted(
            minute,
            IntStream.range(0, subscriptions.length)
                .mapToObj(
                    index ->
                        "{ labels: '{subscription=\"%s\"}', value: 1 }"
                            .formatted(subscriptions[index]))
                .collect(Collectors.joining(", ")));
  }
}
