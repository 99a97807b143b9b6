package dev.caravan.log.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.Dedupe;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogNode;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayProgress;
import dev.caravan.log.ReplayProgress.State;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Retention;
import dev.caravan.log.TestLog;
import dev.caravan.log.content.ContentCodec;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.content.Dictionary;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliveryQuery.Outcome;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.history.KnownSubscription;
import dev.caravan.log.postgres.database.Database;
import dev.caravan.log.postgres.database.Kinds;
import dev.caravan.log.postgres.database.PostgresPlace;
import dev.caravan.log.postgres.database.Schema;
import dev.caravan.log.postgres.database.Sessions;
import dev.caravan.log.postgres.database.SharedReaders;
import dev.caravan.log.postgres.history.SharedNodes;
import dev.caravan.log.postgres.shards.DueChanges;
import dev.caravan.log.postgres.shards.Shards;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.tables.Guids;
import dev.caravan.log.tables.PositionList;
import dev.caravan.testing.PostgresServer;
import dev.caravan.webhook.CapturedLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What any node says and schedules by the tables alone, whoever runs what. */
class SharedLookupsTest {
  private final List<SharedLookups> open = new ArrayList<>();
  private Database database;
  private Connection tables;

  @BeforeEach
  void makeTables() throws SQLException {
    PostgresServer server = PostgresServer.shared();
    PostgresPlace place =
        new PostgresPlace(server.url(), "", server.newSchema(), "test", Duration.ofSeconds(5));
    database = new Database(place);
    tables = database.open(Duration.ofSeconds(20));
    Schema.prepare(tables, place);
    execute(
        "INSERT INTO kind (event) VALUES ('push')",
        "INSERT INTO subscription (name, created_at) VALUES ('ci', 0), ('idle', 0)",
        "INSERT INTO cursor (subscription, shard, next) SELECT id, shard, 1 FROM subscription, generate_series(0, 15) shard",
        "INSERT INTO node (name, expires_at) VALUES ('one', 'infinity'), ('two', 'infinity')",
        "INSERT INTO runs (node, subscription, events, strict, concurrency, in_work) VALUES (1, 1, 'push', false, 4, 3), (2, 1, 'push', false, 4, 2)");
  }

  @AfterEach
  void close() throws Exception {
    for (SharedLookups each : open) {
      each.close();
    }
    database.sever();
  }

  @Test
  void aSubscriptionIsAsFarAsTheCursorsOfItsShardsAndRunsWhereNodesSaySo() throws SQLException {
    SharedLookups node = node(1);
    insert(1, "acme/rocket");
    insert(2, "acme/moon");
    insert(3, "acme/rocket");
    passed("acme/rocket", 4, List.of(3L));

    KnownSubscription ci = node.history().subscriptions().get(0);
    assertThat(ci.inWork()).isEqualTo(5);
    assertThat(ci.lag()).isEqualTo(2);
    assertThat(ci.running()).isTrue();
    assertThat(node.history().subscriptions().get(1).running()).isFalse();
    assertThat(guids(node, DeliveryQuery.ALL.outcome(Outcome.WAITING, "ci")))
        .containsExactly("guid-3", "guid-2");
    assertThat(node.figures().subscriptions().get(0).lag()).isEqualTo(2);
    assertThat(node.figures().bytesOnDisk()).isPositive();
  }

  private void passForty() throws SQLException {
    for (int position = 1; position <= 40; position++) {
      insert(position, "acme/rocket");
    }
    passedAll(41);
  }

  @Test
  void aReplayStartedOnOneNodeIsSeenOnAnotherAndGoesOnThereWhenTheFirstIsGone() throws Exception {
    passForty();
    SharedLookups one = node(1);
    KnownReplay begun = one.replay(request(false), "everything");
    one.close(); // without having begun, most often
    SharedLookups two = node(2);
    two.start();

    await()
        .untilAsserted(
            () ->
                assertThat(two.replays().get(0).replay().progress().state()).isEqualTo(State.DONE));
    KnownReplay known = two.replays().get(0);
    assertThat(known.id()).isEqualTo(begun.id());
    assertThat(known.what()).isEqualTo("everything");
    assertThat(known.replay().progress().scheduled()).isEqualTo(Map.of("ci", 40L));
    assertThat(known.replay().progress().matched()).isEqualTo(40);
    assertThat(count("due")).isEqualTo(40);
  }

  @Test
  void aReplayIsCancelledAndTakenBackOnAnotherNodeThanItsOwn() throws Exception {
    for (int position = 1; position <= 300; position++) {
      insert(position, "acme/rocket-" + position % 20);
    }
    passedAll(301);
    execute("INSERT INTO dead_letter VALUES (1, 7, 3, 0, 'down')");
    SharedLookups one = node(1);
    Replay replay = one.replay(request(false), "").replay();
    assertThat(replay.end().join().scheduled()).isEqualTo(Map.of("ci", 300L));
    assertThat(count("dead_letter")).isZero();

    SharedLookups two = node(2);
    Replay same = two.replays().get(0).replay();
    same.cancel();

    await().until(() -> same.progress().takenBack() == 300);
    assertThat(replay.progress().state()).isEqualTo(State.CANCELLED);
    assertThat(count("due")).isZero();
    assertThat(count("dead_letter")).isOne();
  }

  @Test
  void aReplayThatAnotherNodeHasTakenIsNotCalledCancelled() throws Exception {
    insert(1, "acme/rocket");
    passedAll(2);
    SharedLookups one = node(1);
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      one.replay(request(false), "taken");
      execute("UPDATE replay SET node = 2"); // before it has begun, most often
      one.replay(request(false), "kept").replay().end().join();
      await().until(() -> lines.lines().stream().anyMatch(line -> line.contains("is done")));

      assertThat(lines.lines()).noneMatch(line -> line.contains("is cancelled"));
    }
  }

  @Test
  void aDryRunCountsAndSchedulesNothing() throws Exception {
    insert(1, "acme/rocket");
    insert(2, "acme/rocket");
    passed("acme/rocket", 2, List.of());
    SharedLookups one = node(1);

    ReplayProgress end = one.replay(request(true), "").replay().end().join();

    assertThat(end.scheduled()).isEqualTo(Map.of("ci", 1L));
    assertThat(end.alreadyWaiting()).isOne();
    assertThat(count("due")).isZero();
  }

  @Test
  void retriesOfASubscriptionAreDueNow() throws Exception {
    insert(1, "acme/rocket");
    passedAll(2);
    execute("INSERT INTO due VALUES (1, 1, 2, 99999999999999, 3)");

    assertThat(node(1).retryNow("ci")).isOne();
    assertThat(node(1).retryNow("ci")).isZero();
    assertThat(count("due WHERE due_at < 99999999999999")).isOne();
    assertThat(count("cursor WHERE touched > 0")).isOne();
  }

  /** As where a destination is down and says so at once. */
  @Test
  void aRetryThatFailsAgainMeanwhileIsNotMadeDueASecondTime() throws Exception {
    insert(1, "acme/rocket");
    passedAll(2);
    execute("INSERT INTO due VALUES (1, 1, 2, 99999999999999, 3)");
    AtomicInteger failed = new AtomicInteger();

    long retried =
        node(
                1,
                System::nanoTime,
                (subscription, shard) -> {
                  assertThat(failed.incrementAndGet()).isLessThan(9);
                  executeOrFail("UPDATE due SET due_at = 99999999999999");
                })
            .retryNow("ci");

    assertThat(retried).isOne();
    assertThat(failed).hasValue(1);
  }

  @Test
  void aStepOfAReplayThatIsWrittenAgainLeavesNoGap() throws Exception {
    passForty();
    SharedLookups one = node(1);
    assertThat(one.replays()).isEmpty(); // so that it has a connection
    Replay replay;
    try (Connection other = database.open(Duration.ofSeconds(20));
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE due IN SHARE MODE");
      replay = one.replay(new ReplayRequest(DeliveryQuery.ALL, "ci", 1, false), "").replay();
      String waiting = "pg_locks WHERE NOT granted AND relation = 'due'::regclass";
      await().until(() -> count(waiting) == 1);
      execute("SELECT pg_terminate_backend(pid) FROM " + waiting);
      await().until(() -> count(waiting) == 1 || replay.progress().state() != State.RUNNING);
    }

    assertThat(replay.end().join().scheduled()).isEqualTo(Map.of("ci", 40L));
    assertThat(count("due WHERE due_at <= extract(epoch FROM clock_timestamp()) * 1000"))
        .isPositive();
  }

  @Test
  void whatANodeThatIsStoppedHasYetToTakeBackAnotherTakesBack() throws Exception {
    for (int position = 1; position <= 600; position++) {
      insert(position, "acme/rocket-" + position % 20);
    }
    passedAll(601);
    SharedLookups one = node(1);
    Replay replay = one.replay(request(false), "").replay();
    replay.end().join();
    try (Connection other = database.open(Duration.ofSeconds(20));
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE due IN SHARE MODE");
      replay.cancel();
      await().until(() -> count("pg_locks WHERE NOT granted AND relation = 'due'::regclass") == 1);
      one.close();
    }
    SharedLookups two = node(2);
    two.start();

    await().until(() -> two.replays().get(0).replay().progress().takenBack() == 600);
    assertThat(count("due")).isZero();
  }

  @Test
  void whatNodesDifferInIsSaidOnceAfterFiveMinutes() throws Exception {
    AtomicLong nanos = new AtomicLong();
    SharedNodes one = node(1, nanos::get).nodes();
    SharedNodes two = node(2, nanos::get).nodes();
    two.describe(Map.of(LogNode.VERSION, "1", LogNode.ROUTES, "aa", LogNode.SECRETS, "cc"));
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      one.describe(Map.of(LogNode.VERSION, "2", LogNode.ROUTES, "bb", LogNode.SECRETS, "cc"));
      assertThat(one.nodes())
          .extracting(
              node -> node.name() + " " + node.isThis() + " " + node.says().get(LogNode.ROUTES))
          .containsExactly("one true bb", "two false aa");
      assertThat(one.differing()).isZero();

      nanos.addAndGet(SharedNodes.PATIENCE.toNanos());
      one.describe(Map.of(LogNode.ROUTES, "bb", LogNode.SECRETS, "cc"));
      one.describe(Map.of(LogNode.ROUTES, "bb", LogNode.SECRETS, "cc"));

      assertThat(one.differing()).isOne();
      assertThat(one.nodes().get(1).differing()).containsExactly(LogNode.ROUTES);
      assertThat(lines.lines())
          .singleElement()
          .asString()
          .startsWith("WARN Node two has had other routes than this one for 5 minutes.");
      one.describe(Map.of(LogNode.ROUTES, "aa", LogNode.SECRETS, "cc"));
      assertThat(one.differing()).isZero();
    }
  }

  @Test
  void settingsThatMustBeTheSameAreComparedAsRoutesAre() throws Exception {
    AtomicLong nanos = new AtomicLong();
    SharedNodes one = node(1, nanos::get).nodes();
    node(2, nanos::get).nodes().describe(Map.of("settings", "aa"));
    one.describe(Map.of("settings", "bb"));
    nanos.addAndGet(SharedNodes.PATIENCE.toNanos());
    one.describe(Map.of("settings", "bb"));

    assertThat(one.nodes().get(1).differing()).containsExactly("settings");
    assertThat(one.differing()).isOne();
  }

  @Test
  void twoNodesOfOneNameAreSaidToBe() throws Exception {
    execute("UPDATE node SET name = 'one'");
    AtomicLong nanos = new AtomicLong();
    SharedNodes one = node(1, nanos::get).nodes();
    try (CapturedLog lines = new CapturedLog("dev.caravan.log")) {
      one.describe(Map.of());
      nanos.addAndGet(SharedNodes.PATIENCE.toNanos());
      one.describe(Map.of());
      one.describe(Map.of());
      assertThat(lines.lines())
          .containsExactly(
              "WARN Another node of this log is named one too. Give each a name of its own with caravan.node.");
    }
  }

  @Test
  void aNodeThatHasBeenSilentForMuchOfItsOwnLeaseIsShownSo() throws Exception {
    execute(
        "UPDATE node SET info = '{\"lease\": \"120000\"}', expires_at = clock_timestamp() + interval '40 seconds' WHERE id = 2");
    SharedNodes one = node(1).nodes();

    assertThat(one.nodes().get(1).says().get(LogNode.TROUBLE)).matches("silent for 8[01] s");
    execute("UPDATE node SET expires_at = clock_timestamp() + interval '100 seconds' WHERE id = 2");
    assertThat(one.nodes().get(1).says()).doesNotContainKey(LogNode.TROUBLE);
  }

  private SharedLookups node(long id) throws SQLException {
    return node(id, System::nanoTime);
  }

  private SharedLookups node(long id, LongSupplier nanos) throws SQLException {
    return node(id, nanos, (subscription, shard) -> {});
  }

  private SharedLookups node(long id, LongSupplier nanos, DueChanges.Listener listener)
      throws SQLException {
    Sessions sessions = new Sessions(database, Duration.ofSeconds(20));
    Kinds kinds = new Kinds(sessions);
    kinds.refresh();
    SharedReaders readers =
        new SharedReaders(database, kinds.types(), new Dictionaries(), 2, Duration.ofSeconds(20));
    SharedLookups lookups =
        new SharedLookups(
            TestLog.options(Dedupe.GUID, Retention.DEFAULT, InstantSource.system(), nanos),
            sessions,
            readers,
            kinds,
            new LogCounters(),
            () -> id,
            listener,
            () -> {},
            () -> "",
            () -> false,
            null);
    open.add(lookups);
    return lookups;
  }

  private static ReplayRequest request(boolean dryRun) {
    return new ReplayRequest(DeliveryQuery.ALL, "ci", 1000, dryRun);
  }

  private static List<String> guids(SharedLookups node, DeliveryQuery query) {
    return node.history().list(query, 100).deliveries().stream()
        .map(DeliverySummary::guid)
        .toList();
  }

  private void insert(long position, String repository) throws SQLException {
    byte[] body = "{}".getBytes(UTF_8);
    ContentCodec.Packed packed = ContentCodec.pack(Map.of(), body, Dictionary.none());
    try (PreparedStatement insert =
            tables.prepareStatement(
                "INSERT INTO delivery (position, guid, hook, kind, received_at, repository, length, checksum, shard) VALUES (?, ?, 0, 1, ?, ?, 2, ?, ?)");
        PreparedStatement content =
            tables.prepareStatement("INSERT INTO content VALUES (?, false, ?, null, ?)")) {
      insert.setLong(1, position);
      insert.setBytes(2, Guids.encode("guid-" + position));
      insert.setLong(3, System.currentTimeMillis());
      insert.setString(4, repository);
      insert.setInt(5, ContentCodec.checksum(body));
      insert.setInt(6, Shards.ofRepository(repository));
      insert.executeUpdate();
      content.setLong(1, position);
      content.setInt(2, packed.length());
      content.setBytes(3, packed.bytes());
      content.executeUpdate();
    }
    execute("UPDATE head SET next = " + (position + 1));
  }

  private void passed(String repository, long next, List<Long> unfinished) throws SQLException {
    try (PreparedStatement update =
        tables.prepareStatement("UPDATE cursor SET next = ?, unfinished = ? WHERE shard = ?")) {
      update.setLong(1, next);
      update.setBytes(2, PositionList.encode(unfinished));
      update.setInt(3, Shards.ofRepository(repository));
      update.executeUpdate();
    }
  }

  private void passedAll(long next) throws SQLException {
    execute("UPDATE cursor SET next = " + next);
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = tables.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void executeOrFail(String statement) {
    try {
      execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long count(String rows) throws SQLException {
    try (Statement statement = tables.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + rows)) {
      row.next();
      return row.getLong(1);
    }
  }
}
