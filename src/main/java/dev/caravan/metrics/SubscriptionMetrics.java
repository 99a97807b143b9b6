package dev.caravan.metrics;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import dev.caravan.log.LogFigures;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.figures.DeadLetteredCount;
import dev.caravan.log.figures.SubscriptionFigures;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The progress of each subscription, and the results of its attempts. */
final class SubscriptionMetrics implements MultiCollector {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.metrics");

  private final LogFigures log;
  private final LossCounts losses;

  SubscriptionMetrics(LogFigures log, LossCounts losses) {
    this.log = log;
    this.losses = losses;
  }

  @Override
  public MetricSnapshots collect() {
    Family<SubscriptionFigures> all =
        new Family<>("subscription", read(), SubscriptionFigures::name);
    List<DeadLetteredCount> losses = this.losses.deadLettered();
    Map<String, Long> deadLettered =
        losses.stream()
            .collect(
                groupingBy(DeadLetteredCount::subscription, summingLong(DeadLetteredCount::count)));
    return MetricSnapshots.of(
        all.gauges(
            "caravan_subscription_running",
            "1 while the route of a subscription runs, else 0.",
            subscription -> subscription.running() ? 1 : 0),
        all.gauges(
            "caravan_subscription_paused",
            "1 while a subscription is paused, else 0.",
            subscription -> subscription.paused() ? 1 : 0),
        all.gauges(
            "caravan_subscription_lag_deliveries",
            "Deliveries a subscription has yet to run for the first time; 0 while its route is not"
                + " running. Beyond "
                + SubscriptionFigures.MOST_COUNTED
                + ", the most that it can be, including deliveries it does not want.",
            SubscriptionFigures::lag),
        all.gauges(
            "caravan_subscription_lag_seconds",
            "The age of the oldest delivery that a subscription has yet to run for the first time.",
            SubscriptionFigures::lagSeconds),
        all.gauges(
            "caravan_subscription_due",
            "Deliveries that must run again: retries, replays, redeliveries. At most "
                + SubscriptionFigures.MOST_COUNTED
                + ".",
            SubscriptionFigures::due),
        all.gauges(
            "caravan_subscription_retries",
            "Deliveries that have failed and will be tried again.",
            SubscriptionFigures::retries),
        all.gauges(
            "caravan_subscription_replays",
            "Deliveries that were asked for again: replays, and what GitHub has sent again.",
            SubscriptionFigures::replays),
        all.gauges(
            "caravan_subscription_unfinished_seconds",
            "The age of the oldest delivery that is not finished: it has yet to run, or waits for a"
                + " retry. For a replay, since it first ran.",
            SubscriptionFigures::unfinishedSeconds),
        all.gauges(
            "caravan_subscription_failing_seconds",
            "How long most attempts have failed, or the last one has and nothing has worked"
                + " since; 0 while it works, or its route does not run. It keeps rising between two retries, however far apart.",
            SubscriptionFigures::failingSeconds),
        all.gauges(
            "caravan_subscription_circuit_open",
            "1 while the circuit is open (circuitBreaker) and only one attempt at a time is tried, else 0.",
            subscription -> subscription.circuitOpen() ? 1 : 0),
        all.gauges(
            "caravan_subscription_in_work",
            "Attempts that are running.",
            SubscriptionFigures::inWork),
        all.gauges(
            "caravan_subscription_dead_letters",
            "Deliveries that a subscription has given up on and that are kept. At most "
                + SubscriptionFigures.MOST_COUNTED
                + ".",
            SubscriptionFigures::deadLetters),
        all.counters(
            "caravan_subscription_dead_lettered",
            "Deliveries that became dead letters, including those before the start.",
            each -> deadLettered.getOrDefault(each.name(), 0L)),
        DeadLetterFamily.counters(
            "caravan_subscription_dead_lettered_by_error",
            "Deliveries that became dead letters, by the kind of error: exception and HTTP status.",
            losses),
        all.histograms(
            "caravan_subscription_attempt_seconds",
            "How long attempts took; its count is the number of attempts.",
            SubscriptionFigures::attempts),
        all.counters(
            "caravan_subscription_failures",
            "Attempts that failed.",
            SubscriptionFigures::failures));
  }

  /** Left out when the log cannot be read: the other metrics are better than none. */
  private List<SubscriptionFigures> read() {
    try {
      return log.subscriptions();
    } catch (LogUnavailableException e) {
      LOG.warn("The metrics of subscriptions are missing. {}", e.getMessage());
      return List.of();
    }
  }
}
