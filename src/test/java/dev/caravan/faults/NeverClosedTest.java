package dev.caravan.faults;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.faults.SteadyClients.Sent;
import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.network.TestCertificate;
import dev.caravan.testing.Ports;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One program after the other on one port, under clients that send nothing twice. */
@EnabledOnOs(OS.LINUX)
class NeverClosedTest {
  private static final Path ACTIVATE = Path.of("/usr/bin/systemd-socket-activate");

  /** Holds the socket and starts the program again and again, as systemd does. */
  private static final String SUPERVISOR =
      "while [ ! -e over ]; do sh -c 'LISTEN_PID=$$; export LISTEN_PID; exec \"$@\"' sh \"$@\";"
          + " done";

  /** Between one restart and the next. */
  private static final int MORE = 30;

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void prepare() {
    site =
        new Site(directory)
            .managementPort(Ports.free())
            .set("camel.server.host", "127.0.0.1")
            .set("caravan.connections-per-address", "1024")
            .route(
                "ci",
                "- route: { id: ci, from: { uri: 'github-webhook:*', steps: [ { stop: {} } ] } }");
  }

  @Test
  void noDeliveryIsRefusedWhileOneProgramTakesOverFromAnother() {
    takeOverAgainAndAgain("", 1, hook -> new SteadyClients(hook, 80));
  }

  @Test
  @Tag("long")
  void noDeliveryIsRefusedInTwentyRestartsUnderFiveHundredEachSecond() {
    takeOverAgainAndAgain("", 20, hook -> new SteadyClients(hook, 500));
  }

  @Test
  void noDeliveryIsRefusedOverHttp2EitherWhileOneProgramTakesOverFromAnother() {
    takeOverSecurely(1, HttpVersion.HTTP_2, 20);
  }

  @Test
  @Tag("long")
  void noDeliveryIsRefusedOverHttp2InTwentyRestarts() {
    takeOverSecurely(20, HttpVersion.HTTP_2, 120);
  }

  @Test
  @Tag("long")
  void noDeliveryIsRefusedOverTlsAndHttp1InTwentyRestarts() {
    takeOverSecurely(20, HttpVersion.HTTP_1_1, 120);
  }

  private void takeOverSecurely(int times, HttpVersion version, int eachSecond) {
    Path certificate = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    new TestCertificate(directory, "tls", "EC").writeTo(certificate, key);
    site.set("caravan.tls.certificate", certificate.toString());
    site.set("caravan.tls.key", key.toString());
    takeOverAgainAndAgain(
        "-" + version,
        times,
        hook -> new SteadyClients(eachSecond, new SecureClients(hook, version)));
  }

  private void takeOverAgainAndAgain(String kind, int times, Function<URI, SteadyClients> sending) {
    List<Sent> sent;
    CaravanProcess running = site.startReady();
    try (SteadyClients clients = sending.apply(running.hook())) {
      for (int time = 0; time < times; time++) {
        clients.awaitMore(MORE);
        CaravanProcess next = site.startReady("--take-over");
        assertThat(running.awaitExit()).as(running.output()).isZero();
        running = next;
      }
      clients.awaitMore(MORE);
      clients.end();
      sent = clients.sent();
      assertThat(running.stop()).isZero();
    } finally {
      running.close();
    }
    report("take-over-" + times + kind, sent);
    SteadyClients.assertAllAccepted(sent);
    assertIsInTheLogOnce(sent);
  }

  @Test
  void aProgramThatCannotUseARouteFileLeavesTheOldOneAlone() {
    try (CaravanProcess running = site.startReady()) {
      site.route("broken", "- route: { id: broken, from: { uri: 'nowhere:x', steps: [] } }");
      try (CaravanProcess next = site.start("--take-over")) {
        assertThat(next.awaitExit()).isEqualTo(1);
        assertThat(next.output()).contains("continues").contains("broken.camel.yaml");
      }
      assertThat(new Client(running).send(SignedPush.of(1, 1)).statusCode()).isEqualTo(202);
      assertThat(running.output()).doesNotContain("makes way");
    }
  }

  @Test
  void theOldOneGoesOnWhenTheNewOneEndsBeforeItTakesDeliveries() throws IOException {
    List<Sent> sent;
    try (CaravanProcess running = site.startReady();
        ServerSocket taken = new ServerSocket(0)) {
      try (SteadyClients clients = new SteadyClients(running.hook(), 60)) {
        // That port is looked at last, when the log is open already.
        CaravanProcess next =
            site.start("--take-over", "--set", "caravan.health.port=" + taken.getLocalPort());
        assertThat(next.awaitExit()).isEqualTo(1);
        clients.awaitMore(MORE);
        clients.end();
        sent = clients.sent();
      }
      assertThat(running.output()).contains("makes way").contains("This one continues");
      assertThat(running.stop()).isZero();
    }
    SteadyClients.assertAllAccepted(sent);
    assertIsInTheLogOnce(sent);
  }

  @Test
  void itTriesAgainWhenASettingIsWrongForAMoment() throws IOException {
    Path settings = directory.resolve("application.properties");
    try (CaravanProcess running = site.startReady();
        CaravanProcess next = site.start("--take-over")) {
      await().until(() -> running.output().contains("makes way"));
      Files.writeString(settings, "caravan.stop-timeout = soon");
      assertThat(next.awaitExit()).isNotZero();
      await().until(() -> running.output().contains("This one continues"));
      Files.delete(settings);

      assertThat(new Client(running).send(SignedPush.of(1, 1)).statusCode()).isEqualTo(202);
      assertThat(running.stop()).isZero();
    }
  }

  @Test
  void anOldOneThatIsToldToStopGivesItsSocketFirst() {
    List<Sent> sent;
    try (CaravanProcess running = site.startReady();
        SteadyClients clients = new SteadyClients(running.hook(), 60);
        CaravanProcess next = site.start("--take-over")) {
      await().atMost(Duration.ofSeconds(30)).until(() -> running.output().contains("makes way"));
      assertThat(running.stop()).isZero();
      next.awaitReady();
      clients.awaitMore(MORE);
      clients.end();
      sent = clients.sent();
      assertThat(next.stop()).isZero();
    }
    SteadyClients.assertAllAccepted(sent);
    assertIsInTheLogOnce(sent);
  }

  @Test
  void whatComesAfterAKillWaitsInTheSocketThatSystemdHolds() throws IOException {
    killAgainAndAgain(1, 80);
  }

  @Test
  @Tag("long")
  void whatComesAfterEachOfTwentyKillsWaitsInTheSocketThatSystemdHolds() throws IOException {
    killAgainAndAgain(20, 500);
  }

  /** A kill, which took place between these two times. */
  private record Kill(long after, long before) {
    boolean meets(Sent one) {
      return one.startedAt() - before < 0 && one.startedAt() + one.took().toNanos() - after > 0;
    }
  }

  private void killAgainAndAgain(int times, int eachSecond) throws IOException {
    assumeTrue(Files.isExecutable(ACTIVATE), "systemd-socket-activate is not here");
    int port = Ports.free();
    site.under(
        ACTIVATE.toString(),
        "--listen=127.0.0.1:" + port,
        "--setenv=GITHUB_WEBHOOK_SECRET=" + SignedPush.SECRET,
        "/bin/sh",
        "-c",
        SUPERVISOR,
        "supervisor");
    List<Sent> sent;
    List<Kill> kills = new ArrayList<>();
    try (CaravanProcess supervisor = site.start()) {
      URI hook = URI.create("http://127.0.0.1:" + port + "/hooks/handle_github");
      await().until(() -> supervisor.output().contains("Listening on"));
      try (SteadyClients clients = new SteadyClients(hook, eachSecond)) {
        for (int time = 1; time <= times; time++) {
          awaitStart(supervisor, time);
          clients.awaitMore(MORE);
          ProcessHandle server = server(supervisor);
          long before = System.nanoTime();
          server.destroyForcibly();
          server.onExit().join();
          kills.add(new Kill(before, System.nanoTime()));
        }
        awaitStart(supervisor, times + 1);
        clients.awaitMore(MORE);
        clients.end();
        sent = clients.sent();
      }
      Files.createFile(directory.resolve("over"));
      server(supervisor).destroy();
      assertThat(supervisor.awaitExit()).isZero();
    }
    report("socket-activation-" + times, sent);
    // Whose connection the killed program had taken, nobody can answer; these are few.
    List<Sent> unanswered = sent.stream().filter(one -> one.status() != 202).toList();
    assertThat(unanswered)
        .allSatisfy(
            one ->
                assertThat(kills)
                    .as("under way when it was killed: " + one)
                    .anyMatch(kill -> kill.meets(one)));
    assertIsInTheLogOnce(sent.stream().filter(one -> one.status() == 202).toList());
  }

  private static void awaitStart(CaravanProcess supervisor, int number) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> supervisor.output().split("Caravan is ready", -1).length > number);
  }

  private static ProcessHandle server(CaravanProcess supervisor) {
    return supervisor
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .findFirst()
        .orElseThrow();
  }

  private void assertIsInTheLogOnce(List<Sent> accepted) {
    try (SqliteDeliveryLog log = SqliteDeliveryLog.open(site.data(), TestLog.OPTIONS)) {
      List<String> kept =
          Kept.newest(log.history(), 2 * accepted.size() + 1).stream()
              .map(DeliverySummary::guid)
              .toList();
      assertThat(kept).as("in the log").doesNotHaveDuplicates();
      Set<String> lost = accepted.stream().map(Sent::guid).collect(toCollection(HashSet::new));
      lost.removeAll(Set.copyOf(kept));
      assertThat(lost).as("accepted, and not in the log").isEmpty();
    }
  }

  private static void report(String name, List<Sent> sent) {
    Report report = new Report(name);
    List<Duration> times = sent.stream().map(Sent::took).sorted(Comparator.naturalOrder()).toList();
    report.line(
        "%d sent, %d not answered 202; answer after: median %d ms, longest %d ms",
        sent.size(),
        sent.stream().filter(one -> one.status() != 202).count(),
        times.get(times.size() / 2).toMillis(),
        times.get(times.size() - 1).toMillis());
  }
}
