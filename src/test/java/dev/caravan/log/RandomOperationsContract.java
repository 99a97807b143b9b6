package dev.caravan.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.LogModel.Reader;
import dev.caravan.log.LogModel.Taken;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.log.history.SubscriptionOutcome;
import dev.caravan.log.history.SubscriptionOutcome.State;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can be done with a log, in an order that a seed decides, held against a {@link
 * LogModel}: deliveries and redeliveries, from one hook or several; attempts that succeed, fail,
 * hang and are cut off; subscriptions that come, pause and go; replays, retention, restarts and
 * crashes. Nothing is lost, nothing is completed twice that need not be, and lanes keep their
 * order.
 *
 * <p>Threads are real, so a seed gives the same operations but not always the same run. One seed:
 * {@code -Dcontract.seed=SEED}; thousands: the long form, with {@code -Dcontract.seeds=COUNT}.
 */
public abstract class RandomOperationsContract {
  private static final int STEPS = 60;
  private static final int SOME = 20;

  /** All in all less than GUIDs are kept, so that nothing is ever forgotten. */
  private static final Duration MOST_TIME = Duration.ofDays(7);

  @TempDir private Path data;
  private Random random;
  private LogModel model;
  private LogUnderTest engine;
  private TestLog log;
  private Duration passed = Duration.ZERO;
  private int sent;
  private final Map<String, SubscriptionSettings> wanted = new LinkedHashMap<>();
  private final Map<String, Subscription> running = new HashMap<>();

  /** Opens a log in an empty directory. */
  protected abstract LogUnderTest open(Path place);

  protected static LongStream someSeeds() {
    String one = System.getProperty("contract.seed");
    return one == null ? new Random().longs(SOME) : LongStream.of(Long.parseLong(one));
  }

  static LongStream manySeeds() {
    return new Random().longs(Integer.getInteger("contract.seeds", 500));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("someSeeds")
  void theLogDoesWhatItsModelDoes(long seed) {
    run(seed);
  }

  @Tag("long")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("manySeeds")
  void theLogDoesWhatItsModelDoesInManyRuns(long seed) {
    run(seed);
  }

  private void run(long seed) {
    random = new Random(seed);
    model = new LogModel(seed);
    engine = open(data);
    log = new TestLog(engine);
    wanted.put("ordered", settings("ordered", "push", false, OrderBy.REPOSITORY, StartFrom.NOW));
    wanted.put(
        "strict", settings("strict", "push,issues", true, OrderBy.REPOSITORY, StartFrom.NOW));
    wanted.put("free", settings("free", "issues", false, OrderBy.NONE, StartFrom.BEGINNING));
    List<String> steps = new ArrayList<>();
    try {
      subscribe("ordered");
      for (int step = 0; step < STEPS && model.wrong().isEmpty(); step++) {
        steps.add(step());
      }
      finish();
      check();
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          "-Dcontract.seed=%d after %s: %s".formatted(seed, steps, model.wrong()), e);
    } finally {
      log.close();
    }
    assertThat(model.wrong()).as("-Dcontract.seed=%d after %s", seed, steps).isEmpty();
  }

  private SubscriptionSettings settings(
      String name, String events, boolean strict, OrderBy orderBy, StartFrom startFrom) {
    TestLog.Wanted settings =
        log.wanted(name, events)
            .orderBy(orderBy)
            .startFrom(startFrom)
            .concurrency(1 + random.nextInt(4))
            .retry(LogModel.MOST_ATTEMPTS, Duration.ofMillis(1 + random.nextInt(20)));
    return strict ? settings.strict().settings() : settings.settings();
  }

  private String step() {
    String name = List.copyOf(wanted.keySet()).get(random.nextInt(wanted.size()));
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4 -> {
        send(fresh());
        return "send";
      }
      case 5 -> {
        sendMany(1 + random.nextInt(10)).forEach(CompletableFuture::join);
        return "send many";
      }
      case 6, 7, 8 -> {
        return sendAgain();
      }
      case 9 -> {
        return sendOther();
      }
      case 10, 11, 12 -> {
        if (!running.containsKey(name)) {
          subscribe(name);
          return "subscribe " + name;
        }
        return "";
      }
      case 13 -> {
        close(name);
        return "close " + name;
      }
      case 14 -> {
        pause(name);
        return "pause " + name;
      }
      case 15, 16 -> {
        resume(name);
        return "resume " + name;
      }
      case 17, 18 -> {
        return replay(name);
      }
      case 19, 20 -> {
        model.endHanging(false);
        return "end one";
      }
      case 21 -> {
        return sweep();
      }
      case 22 -> {
        model.stopping();
        engine.restart();
        reopen();
        return "restart";
      }
      default -> {
        crash();
        return "crash";
      }
    }
  }

  // --- deliveries ---

  private Delivery fresh() {
    return delivery("guid-" + ++sent, random.nextInt(3), 1, "first");
  }

  private Delivery delivery(String guid, int repository, int hook, String payload) {
    String event = guid.hashCode() % 3 == 0 ? "issues" : "push";
    return new Delivery(
        guid,
        event,
        new Delivery.Subject(null, "acme/" + repository, null, null, "ada", null),
        engine.now(),
        Map.of("X-GitHub-Event", event, "X-GitHub-Hook-ID", Integer.toString(hook)),
        Delivery.Encoding.JSON,
        "{\"hook\":%d,\"payload\":\"%s\"}".formatted(hook, payload).getBytes(UTF_8));
  }

  private void send(Delivery delivery) {
    Taken taken = model.send(delivery, false);
    append(taken, delivery).join();
  }

  private CompletableFuture<?> append(Taken taken, Delivery delivery) {
    boolean isRepeat = taken.position != null;
    int life = model.life();
    return log.log()
        .append(delivery)
        .orTimeout(20, TimeUnit.SECONDS)
        .thenAccept(receipt -> model.taken(life, taken, receipt.position(), isRepeat));
  }

  private List<CompletableFuture<?>> sendMany(int count) {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Delivery delivery = fresh();
      answers.add(append(model.send(delivery, false), delivery));
    }
    return answers;
  }

  /** What came before comes again, with the time of now. */
  private String sendAgain() {
    List<Taken> known = model.deliveries();
    if (known.isEmpty()) {
      return "";
    }
    Taken taken = known.get(random.nextInt(known.size()));
    for (Reader reader : model.readers()) {
      if (reader.wants(taken) && state(reader, taken) == State.DEAD_LETTER) {
        model.hasToBeTriedAgain(reader, taken);
      }
    }
    Delivery before = taken.delivery;
    Delivery again =
        new Delivery(
            before.guid(),
            before.event(),
            before.subject(),
            engine.now(),
            before.headers(),
            before.encoding(),
            before.body());
    model.send(again, taken.differs);
    append(taken, again).join();
    return "send again " + taken.guid();
  }

  /** Under a GUID that is known, the same hook sends something else, or another hook does. */
  private String sendOther() {
    List<Taken> known =
        model.deliveries().stream().filter(taken -> !taken.isUnsure && !taken.differs).toList();
    if (known.isEmpty()) {
      return "";
    }
    Taken first = known.get(random.nextInt(known.size()));
    int hook = Integer.parseInt(first.delivery.headers().get("X-GitHub-Hook-ID"));
    boolean sameHook = random.nextBoolean();
    Delivery other =
        delivery(
            first.guid(),
            random.nextInt(3),
            sameHook ? hook : hook + 1,
            sameHook ? "differs" : "first");
    append(model.send(other, sameHook), other).join();
    return "send other " + first.guid();
  }

  // --- subscriptions ---

  private void subscribe(String name) {
    model.subscribed(wanted.get(name));
    running.put(name, log.subscribe(wanted.get(name), model.handler(name)));
  }

  private void close(String name) {
    Subscription subscription = running.remove(name);
    if (subscription != null) {
      subscription.close();
      model.closed(name);
      model.stopHanging(name);
      await().pollInterval(Duration.ofMillis(1)).until(() -> subscription.status().running() == 0);
    }
  }

  private void pause(String name) {
    if (model.find(name).isPresent()) {
      log.log().pause(name);
      Subscription subscription = running.get(name);
      model.paused(name, subscription == null ? 0 : subscription.status().running());
    }
  }

  private void resume(String name) {
    if (model.find(name).isPresent()) {
      model.resumed(name);
      log.log().resume(name);
    }
  }

  private String replay(String name) {
    List<Taken> known =
        model.deliveries().stream().filter(taken -> !taken.isUnsure && !taken.differs).toList();
    if (known.isEmpty() || model.find(name).isEmpty()) {
      return "";
    }
    Reader reader = model.find(name).get();
    Taken taken = known.get(random.nextInt(known.size()));
    if (!reader.wants(taken)) {
      return "";
    }
    int before = model.completed(reader, taken);
    model.replaying(reader, taken);
    ReplayProgress end =
        log.replay(
                new ReplayRequest(
                    DeliveryQuery.ALL.at(taken.position),
                    name,
                    ReplayRequest.MOST_PER_SECOND,
                    false))
            .end()
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
    model.check(end.state() == ReplayProgress.State.DONE, "a replay ended as {}", end);
    model.replayed(reader, taken, end.scheduled().getOrDefault(name, 0L) == 1, before);
    return "replay " + taken.guid() + " to " + name;
  }

  // --- time, and ends ---

  private String sweep() {
    Duration step = Duration.ofHours(random.nextInt(16));
    if (passed.plus(step).compareTo(MOST_TIME) > 0) {
      return "";
    }
    passed = passed.plus(step);
    engine.pass(step);
    model.swept(engine.now().plusSeconds(60).minus(LogUnderTest.BODIES_KEPT));
    engine.sweep();
    return "sweep after " + step;
  }

  private void crash() {
    for (Reader reader : model.readers()) {
      for (Taken taken : model.deliveries()) {
        if (model.completed(reader, taken) > 0) {
          model.onDisk(reader, taken, completions(reader, taken));
        }
      }
    }
    List<Taken> before = model.deliveries();
    List<CompletableFuture<?>> answers = sendMany(random.nextInt(4));
    List<Taken> last = model.deliveries().subList(before.size(), before.size() + answers.size());
    engine.crash(() -> model.died(last.stream().filter(taken -> taken.position == null).toList()));
    reopen();
  }

  private int completions(Reader reader, Taken taken) {
    return taken.position == null
        ? 0
        : (int)
            log.history().attemptsAt(taken.position).stream()
                .filter(attempt -> attempt.subscription().equals(reader.settings.name()))
                .filter(attempt -> attempt.error() == null)
                .count();
  }

  private void reopen() {
    Set<String> before = new HashSet<>(running.keySet());
    running.clear();
    for (String name : wanted.keySet()) {
      if (before.contains(name) && random.nextInt(4) > 0) {
        subscribe(name);
      }
    }
  }

  /** Everything runs that can. */
  private void finish() {
    model.calmDown();
    for (String name : wanted.keySet()) {
      if (!running.containsKey(name)) {
        subscribe(name);
      }
      resume(name);
    }
    await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(this::isDone);
  }

  /** Twice in a row, and what is to be written is written in between. */
  private boolean isDone() {
    for (int time = 0; time < 2; time++) {
      model.endHanging(true);
      log.append(TestLog.delivery("ping-" + ++sent, "ping", null, "acme/rocket", "{}"));
      if (model.anyInWork() || !log.history().subscriptions().stream().allMatch(this::isDone)) {
        return false;
      }
    }
    return true;
  }

  private boolean isDone(KnownSubscription known) {
    return known.due() == 0 && known.lag() == 0 && known.inWork() == 0;
  }

  private void check() {
    for (Taken taken : model.deliveries()) {
      if (taken.isUnsure) {
        continue;
      }
      DeliverySummary summary =
          log.history().list(DeliveryQuery.ALL.at(taken.position), 1).deliveries().get(0);
      model.check(summary.differsFromFirst() == taken.differs, "{} differs or not", taken.content);
      for (Reader reader : model.readers()) {
        if (reader.wants(taken)) {
          model.checkOutcome(reader, taken, state(summary, reader));
        }
      }
      if (!taken.bodyMayBeGone) {
        model.check(
            log.history()
                .at(taken.position)
                .map(found -> new String(found.body(), UTF_8))
                .equals(Optional.of(new String(taken.delivery.body(), UTF_8))),
            "the body of {} is not as it was sent",
            taken.content);
      }
    }
  }

  private @Nullable State state(Reader reader, Taken taken) {
    if (taken.position == null) {
      return null;
    }
    List<DeliverySummary> found =
        log.history().list(DeliveryQuery.ALL.at(taken.position), 1).deliveries();
    return found.isEmpty() ? null : state(found.get(0), reader);
  }

  private static @Nullable State state(DeliverySummary summary, Reader reader) {
    return summary.outcomes().stream()
        .filter(outcome -> outcome.subscription().equals(reader.settings.name()))
        .map(SubscriptionOutcome::state)
        .findFirst()
        .orElse(null);
  }
}
