package dev.caravan.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.DeliveryName;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.log.history.SubscriptionOutcome;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.webhook.CapturedLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is the same delivery, what is another one, and how each is named. */
public abstract class RepeatsContract extends LogContract {
  private static final String GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
  private final List<String> ran = new CopyOnWriteArrayList<>();
  private CapturedLog lines = new CapturedLog("dev.caravan.log");

  @BeforeEach
  void begin() {
    subscribe();
  }

  /** Another log, in which something else makes a delivery the same. */
  private void open(Dedupe dedupe) {
    log.close();
    engine = open(data.resolve("another"), dedupe, Retention.DEFAULT);
    log = new TestLog(engine);
    subscribe();
  }

  private void restart() {
    lines.close();
    lines = new CapturedLog("dev.caravan.log");
    log.restart();
    subscribe();
  }

  private void subscribe() {
    log.subscribe(
        log.wanted("ci", "*").startFrom(StartFrom.BEGINNING).settings(),
        attempt -> {
          ran.add(new String(attempt.delivery().body(), UTF_8));
          attempt.succeeded();
        });
  }

  @AfterEach
  void closeLines() {
    lines.close();
  }

  @Test
  void theCopiesOfAnEventForTwoAppsAreTwoDeliveriesAndBothRun() {
    String first = log.append(from("1", GUID, "{\"installation\":1}"));
    String second = log.append(from("2", GUID, "{\"installation\":2}"));

    assertRan("{\"installation\":1}", "{\"installation\":2}");
    assertThat(second).isNotEqualTo(first);
    assertThat(Kept.newest(log.history(), 10))
        .extracting(summary -> summary.name() + " " + summary.differsFromFirst())
        .containsExactly(GUID + "/2 false", GUID + "/1 false");
  }

  @Test
  void eachOfTwoAppsCopiesIsKnownAgainWhenItIsRedelivered() {
    String first = log.append(from("1", GUID, "{\"installation\":1}"));
    String second = log.append(from("2", GUID, "{\"installation\":2}"));
    assertRan("{\"installation\":1}", "{\"installation\":2}");
    restart();

    assertThat(log.append(from("2", GUID, "{\"installation\":2}"))).isEqualTo(second);
    assertThat(log.append(from("1", GUID, "{\"installation\":1}"))).isEqualTo(first);

    assertRanBefore("{\"installation\":1}", "{\"installation\":2}");
    assertThat(Kept.newest(log.history(), 10))
        .extracting(DeliverySummary::repeats)
        .containsExactly(0, 1, 1);
    assertThat(lines.lines())
        .anyMatch(line -> line.contains("to run it again: caravan replay " + GUID + "/2"));
  }

  @Test
  void onePayloadFromTwoHooksRunsOnce() {
    log.append(from("1", GUID, "{\"a\":1}"));
    log.append(from("2", GUID, "{\"a\":1}"));

    assertRanBefore("{\"a\":1}");
    assertThat(Kept.newest(log.history(), 10)).hasSize(2);
  }

  @Test
  void anotherPayloadFromTheSameHookIsKeptFlaggedCountedAndNotRun() {
    log.append(from("1", GUID, "{\"a\":1}"));
    log.append(from("2", GUID, "{\"a\":2}"));
    String differing = log.append(from("2", GUID, "{\"a\":3}"));
    log.append(from("2", GUID, "{\"a\":3}"));

    assertRanBefore("{\"a\":1}", "{\"a\":2}");
    assertThat(log.figures().differing()).isEqualTo(2);
    assertThat(log.history().list(DeliveryQuery.ALL.withGuid(GUID), 10).deliveries())
        .extracting(
            summary -> summary.name() + " " + summary.differsFromFirst() + " " + summary.repeats())
        .containsExactly(GUID + "/2 true 1", GUID + "/2 false 0", GUID + "/1 false 0");
    assertThat(lines.lines())
        .anyMatch(
            line ->
                line.startsWith("WARN")
                    && line.contains("caravan replay " + GUID + " --position " + differing));
  }

  @Test
  void eachOfSeveralIsReplayedByItsHookOrItsPosition() throws Exception {
    log.append(from("1", GUID, "{\"a\":1}"));
    log.append(from("2", GUID, "{\"a\":2}"));
    String differing = log.append(from("2", GUID, "{\"a\":3}"));
    assertRanBefore("{\"a\":1}", "{\"a\":2}");
    ran.clear();

    replay(DeliveryQuery.ALL.named(DeliveryName.parse(GUID + "/2")));
    assertRan("{\"a\":2}");
    ran.clear();
    replay(DeliveryQuery.ALL.withGuid(GUID).at(differing));
    assertRan("{\"a\":3}");
    ran.clear();
    replay(DeliveryQuery.ALL.withGuid(GUID));
    assertRan("{\"a\":1}", "{\"a\":2}");
  }

  @Test
  void withoutHooksAnotherPayloadIsNotRun() {
    log.append(from(null, GUID, "{\"a\":1}"));
    log.append(from(null, GUID, "{\"a\":2}"));

    assertRanBefore("{\"a\":1}");
  }

  @Test
  void aHookBesideOneThatIsNotKnownIsAnotherHook() {
    log.append(from(null, GUID, "{\"a\":1}"));
    log.append(from("1", GUID, "{\"a\":2}"));
    log.append(from("no number", "other", "{\"a\":3}"));
    log.append(from("2", "other", "{\"a\":4}"));
    log.append(from(null, "other", "{\"a\":5}"));

    assertRanBefore("{\"a\":1}", "{\"a\":2}", "{\"a\":3}", "{\"a\":4}");
  }

  @Test
  void withGuidAndHookTheSamePayloadFromAnotherHookRunsToo() {
    open(Dedupe.GUID_AND_HOOK);
    log.append(from("1", GUID, "{\"a\":1}"));
    log.append(from("2", GUID, "{\"a\":1}"));
    log.append(from("2", GUID, "{\"a\":1}"));
    log.append(from("2", GUID, "{\"a\":2}"));

    assertRanBefore("{\"a\":1}", "{\"a\":1}");
  }

  @Test
  void withContentACapturedDeliveryUnderAnotherGuidIsNotRunButCountedAndLogged() {
    open(Dedupe.CONTENT);
    String first = log.append(from("1", GUID, "{\"a\":1}"));
    String copy = log.append(from("1", "another-guid", "{\"a\":1}"));
    Delivery otherEvent = TestLog.delivery("third-guid", "fork", null, "a/b", "{\"a\":1}");
    log.append(otherEvent);
    log.append(from("1", GUID, "{\"a\":1}"));

    assertRanBefore("{\"a\":1}");
    assertThat(copy).isEqualTo(first);
    assertThat(log.figures().copies()).isEqualTo(2);
    assertThat(log.figures().repeats()).isOne();
    assertThat(lines.lines())
        .anyMatch(
            line ->
                line.startsWith("WARN")
                    && line.contains("another-guid has the payload of " + GUID)
                    && line.contains("caravan replay " + GUID));
  }

  @Test
  void withContentTheCopiesForTwoAppsStillRun() {
    open(Dedupe.CONTENT);
    log.append(from("1", GUID, "{\"installation\":1}"));
    log.append(from("2", GUID, "{\"installation\":2}"));

    assertRanBefore("{\"installation\":1}", "{\"installation\":2}");
  }

  @Test
  void withGuidThePayloadDoesNotMatter() {
    log.append(from("1", GUID, "{\"a\":1}"));
    log.append(from("1", "another-guid", "{\"a\":1}"));

    assertRanBefore("{\"a\":1}", "{\"a\":1}");
    assertThat(log.figures().copies()).isZero();
  }

  private void replay(DeliveryQuery query) throws Exception {
    assertThat(log.replay(new ReplayRequest(query, "ci", 1000, false)).end().get().state())
        .isEqualTo(ReplayProgress.State.DONE);
  }

  /** And nothing else, as one more that comes after them shows. */
  private void assertRanBefore(String... bodies) {
    log.append(from("9", "last-guid", "{\"last\":true}"));
    String[] all = Arrays.copyOf(bodies, bodies.length + 1);
    all[bodies.length] = "{\"last\":true}";
    assertRan(all);
  }

  private void assertRan(String... bodies) {
    await().untilAsserted(() -> assertThat(ran).containsExactly(bodies));
  }

  private void becomeADeadLetterOfARouteThatIsAway() {
    Subscription before =
        log.subscribe(
            log.wanted("once", "push")
                .startFrom(StartFrom.BEGINNING)
                .retry(1, Duration.ofMillis(1))
                .settings(),
            attempt -> attempt.failed(new IllegalStateException("broken")));
    log.append(from("1", GUID, "{}"));
    await().untilAsserted(() -> assertThat(once().deadLetters()).isOne());
    before.close();
  }

  @Test
  void aRepeatLeavesADeadLetterAloneWhoseRouteNoLongerWantsTheEvent() {
    becomeADeadLetterOfARouteThatIsAway();
    TestLog.Recorder now = new TestLog.Recorder();
    log.subscribe(log.wanted("once", "fork").settings(), now);

    log.append(from("1", GUID, "{}"));

    assertThat(once().deadLetters()).isOne();
    assertThat(once().due()).isZero();
    assertThat(now.guids).isEmpty();
  }

  @Test
  void aDeadLetterThatIsRepeatedWhileItsRouteIsAwayStaysOneWhenThatReturnsForOtherEvents() {
    becomeADeadLetterOfARouteThatIsAway();
    log.append(from("1", GUID, "{}"));
    TestLog.Recorder now = new TestLog.Recorder();

    log.subscribe(log.wanted("once", "fork").settings(), now);

    assertThat(once().due()).isZero();
    assertThat(once().deadLetters()).isOne();
    assertThat(now.guids).isEmpty();
  }

  @Test
  void aDeadLetterThatIsRepeatedWhileItsRouteIsAwayIsFoundAmongTheDeadLettersThatAreCounted() {
    becomeADeadLetterOfARouteThatIsAway();
    log.append(from("1", GUID, "{}"));

    DeliveryQuery dead = DeliveryQuery.ALL.outcome(DeliveryQuery.Outcome.DEAD_LETTER, "once");

    assertThat(once().deadLetters()).isOne();
    assertThat(log.history().list(dead, 10).deliveries())
        .singleElement()
        .satisfies(
            found ->
                assertThat(found.outcomes())
                    .filteredOn(each -> each.subscription().equals("once"))
                    .extracting(SubscriptionOutcome::state)
                    .containsExactly(SubscriptionOutcome.State.DEAD_LETTER));
  }

  @Test
  void aDeadLetterThatIsRepeatedWhileItsRouteIsAwayRunsWhenThatReturnsForTheSameEvents() {
    becomeADeadLetterOfARouteThatIsAway();
    log.append(from("1", GUID, "{}"));
    TestLog.Recorder now = new TestLog.Recorder();

    log.subscribe(log.wanted("once", "push").settings(), now);

    await().untilAsserted(() -> assertThat(now.guids).containsExactly(GUID));
    await().untilAsserted(() -> assertThat(once().due()).isZero());
    assertThat(once().deadLetters()).isZero();
  }

  private KnownSubscription once() {
    return log.history().subscriptions().stream()
        .filter(each -> each.name().equals("once"))
        .findFirst()
        .orElseThrow();
  }

  protected static Delivery from(String hook, String guid, String body) {
    Delivery plain = TestLog.delivery(guid, "push", null, "a/b", body);
    Map<String, String> headers = new HashMap<>(plain.headers());
    if (hook != null) {
      headers.put("X-GitHub-Hook-ID", hook);
    }
    return new Delivery(
        guid, "push", plain.subject(), plain.receivedAt(), headers, plain.encoding(), plain.body());
  }
}
