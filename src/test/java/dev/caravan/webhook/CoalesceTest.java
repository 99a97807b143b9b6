package dev.caravan.webhook;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.history.DeliveryQuery;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With coalesce only the newest of a burst runs. */
class CoalesceTest extends RoutesOnDisk {
  private static final String NEWEST = "github-webhook:push?orderBy=subject&coalesce=";

  private final List<String> ran = new CopyOnWriteArrayList<>();
  private final AtomicBoolean works = new AtomicBoolean();

  @Test
  void aBurstOfTenPushesToABranchDeploysOnceAndDelaysNoOtherBranch() throws Exception {
    start(NEWEST + "500ms", e -> ran.add(head(e)));
    List<Delivery> burst = new ArrayList<>();
    for (int number = 1; number <= 10; number++) {
      burst.add(push("main", number));
    }
    burst.forEach(this::append);
    append(push("topic", 11));

    await().until(() -> ran.size() == 2);

    assertThat(ran).containsExactlyInAnyOrder("10", "11");
    for (Delivery delivery : burst.subList(0, 9)) {
      await().until(() -> !Kept.attempts(log.history(), delivery.guid()).isEmpty());
      assertThat(Kept.attempts(log.history(), delivery.guid()))
          .extracting(AttemptRecord::number, AttemptRecord::error)
          .containsExactly(tuple(0, null));
    }
    await().until(() -> !Kept.attempts(log.history(), burst.get(9).guid()).isEmpty());
    assertThat(Kept.attempts(log.history(), burst.get(9).guid()))
        .extracting(AttemptRecord::number)
        .containsExactly(1);
  }

  @Test
  void whatWaitsWhileAnOlderOneRunsRunsOnceAfterIt() throws Exception {
    AtomicBoolean free = new AtomicBoolean();
    start(
        NEWEST + "0s",
        e -> {
          ran.add(head(e));
          await().untilTrue(free);
        });
    append(push("main", 1));
    await().until(() -> ran.equals(List.of("1")));
    append(push("main", 2));
    append(push("main", 3));
    free.set(true);

    await().until(() -> ran.size() == 2);
    assertThat(ran).containsExactly("1", "3");
  }

  @Test
  void aRetryDoesNotRunOverWhatANewerOneHasDone() throws Exception {
    Delivery old = failedAndOvertaken();

    log.retryNow("deploy");
    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 2);

    assertThat(Kept.attempts(log.history(), old.guid()))
        .extracting(AttemptRecord::number)
        .containsExactly(1, 0);
    assertThat(ran).containsExactly("1", "2");
  }

  @Test
  void aRetryDoesNotRunOverWhatANewerOneHasDoneBeforeARestart() throws Exception {
    Delivery old = failedAndOvertaken();

    close();
    open();
    start(NEWEST + "0s", e -> ran.add(head(e)));
    log.retryNow("deploy");
    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 2);

    assertThat(Kept.attempts(log.history(), old.guid()))
        .extracting(AttemptRecord::number)
        .containsExactly(1, 0);
    assertThat(ran).containsExactly("1", "2");
  }

  @Test
  void aRetryDoesNotRunOverWhatANewerOneHasDoneBeforeItsRouteWasReplaced() throws Exception {
    Delivery old = failedAndOvertaken();

    context.getRouteController().stopRoute("deploy");
    context.getRouteController().startRoute("deploy");
    log.retryNow("deploy");
    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 2);

    assertThat(ran).containsExactly("1", "2");
  }

  @Test
  void afterARestartARetryRunsWhereNothingNewerOfItsLaneHas() throws Exception {
    Delivery old = failedAndOvertaken();
    Delivery other = push("topic", 3); // newer than it, and of another branch
    works.set(false);
    append(other);
    await().until(() -> Kept.attempts(log.history(), other.guid()).size() == 1);

    close();
    open();
    works.set(true);
    start(NEWEST + "0s", e -> ran.add(head(e)));
    log.retryNow("deploy");

    await().until(() -> ran.size() == 4);
    assertThat(ran).containsExactly("1", "2", "3", "3");
    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 2);
  }

  @Test
  void whatIsReplayedIsTriedAgainThoughANewerOneHadRunBefore() throws Exception {
    Delivery old = failedAndOvertaken();
    log.retryNow("deploy");
    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 2); // superseded
    works.set(false);
    replay(old);
    await()
        .until(
            () ->
                Kept.attempts(log.history(), old.guid()).stream()
                        .filter(a -> a.number() == 1)
                        .count()
                    == 2);
    works.set(true);
    log.retryNow("deploy");

    await().until(() -> ran.size() == 4);
    assertThat(ran).containsExactly("1", "2", "1", "1");
  }

  @Test
  void aCoalescedDeliveryIsRetriedWhenItsReplayFails() throws Exception {
    Delivery old = push("main", 1);
    startFailing("500ms");
    works.set(true);
    append(old);
    Delivery newer = push("main", 2);
    append(newer);
    await().until(() -> Kept.attempts(log.history(), newer.guid()).size() == 1);
    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 1);

    failsOnceWhenReplayed(old, 2);
    close();
    open();
    startFailing("0s");
    log.retryNow("deploy");

    await().until(() -> ran.size() == 3);
    assertThat(ran).containsExactly("2", "1", "1");
  }

  @Test
  void aDeliveryFromBeforeItsSubscriptionIsRetriedWhenItsReplayFails() throws Exception {
    Delivery old = push("main", 1);
    append(old);
    startFailing("0s");
    works.set(true);
    Delivery newer = push("main", 2);
    append(newer);
    await().until(() -> Kept.attempts(log.history(), newer.guid()).size() == 1);

    failsOnceWhenReplayed(old, 1);
    log.retryNow("deploy");

    await().until(() -> ran.size() == 3);
    assertThat(ran).containsExactly("2", "1", "1");
  }

  @Test
  void whatIsReplayedAndCutOffByAStopRunsAfterTheNextStart() throws Exception {
    Delivery old = failedAndOvertaken();
    log.retryNow("deploy");
    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 2); // superseded
    close();
    open();
    startFailing("1h");
    replay(old);
    await()
        .until(
            () ->
                log.figures().subscriptions().stream().anyMatch(figures -> figures.inWork() == 1));
    close();
    open();
    startFailing("0s");

    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 4);
    assertThat(ran).containsExactly("1", "2", "1");
  }

  private void failsOnceWhenReplayed(Delivery delivery, int attempts) throws Exception {
    works.set(false);
    replay(delivery);
    await().until(() -> Kept.attempts(log.history(), delivery.guid()).size() == attempts);
    works.set(true);
  }

  private void replay(Delivery delivery) throws Exception {
    log.replay(
        new ReplayRequest(
            DeliveryQuery.ALL.withGuid(delivery.guid()), "deploy", ReplayRequest.PER_SECOND, false),
        "");
  }

  /** The first push fails once, and the second of its branch is done meanwhile. */
  private Delivery failedAndOvertaken() throws Exception {
    startFailing("0s");
    Delivery old = push("main", 1);
    append(old);
    await().until(() -> Kept.attempts(log.history(), old.guid()).size() == 1);
    works.set(true);
    Delivery newer = push("main", 2);
    append(newer);
    await().until(() -> Kept.attempts(log.history(), newer.guid()).size() == 1);
    return old;
  }

  @Test
  void whatWaitsForItsWindowAtAStopRunsAfterTheNextStart() throws Exception {
    start(NEWEST + "1h", e -> ran.add(head(e)));
    append(push("main", 1));
    await()
        .until(
            () ->
                log.figures().subscriptions().stream().anyMatch(figures -> figures.inWork() == 1));

    long before = System.nanoTime();
    close();
    assertThat(System.nanoTime() - before).isLessThan(4_000_000_000L);
    open();
    start(NEWEST + "0s", e -> ran.add(head(e)));

    await().until(() -> ran.equals(List.of("1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push?coalesce=10s&orderBy=none              | coalesce needs an order",
        "push?coalesce=10s&orderBy=subject&paths=a/  | not taken together with paths",
        "push?coalesce=10s&branch=main               | needs orderBy: subject",
        "workflow_run?coalesce=10s&branch=main&orderBy=subject | is for push alone",
        "push,pull_request?coalesce=10s&branch=main&orderBy=subject | is for push alone",
        "push?coalesce=2h                            | coalesce must be from 0s to 1h",
      })
  void whatWouldDropTheWrongOneIsRefused(String options, String sentence) {
    assertThatThrownBy(() -> start("github-webhook:" + options, e -> {}))
        .hasStackTraceContaining(sentence);
  }

  /** Fails unless it {@link #works}. */
  private void startFailing(String window) throws Exception {
    start(
        NEWEST + window + "&retryDelay=1h",
        e -> {
          ran.add(head(e));
          if (!works.get()) {
            throw new IOException("down");
          }
        });
  }

  private void start(String uri, Processor step) throws Exception {
    start(route(r -> r.from(uri).routeId("deploy").process(step)));
  }

  private static String head(Exchange exchange) {
    return (String) exchange.getMessage().getBody(Map.class).get("after");
  }

  /** Just received. */
  private static Delivery push(String branch, int number) {
    Delivery old =
        Deliveries.json(
            "push",
            "{\"ref\":\"refs/heads/%s\",\"after\":\"%d\",\"repository\":{\"full_name\":\"acme/web\"}}"
                .formatted(branch, number));
    return new Delivery(
        old.guid(),
        old.event(),
        old.subject(),
        Instant.now(),
        old.headers(),
        old.encoding(),
        old.body());
  }
}
