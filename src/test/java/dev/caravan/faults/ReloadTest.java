package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits, breaks, mends, deletes and adds route files under load. */
class ReloadTest {
  private static final int CLIENTS = 6;

  /** Long enough for every reload to come upon work under way. */
  private static final Duration WORK = Duration.ofMillis(15);

  /** A step that breaks a file, for each way to be broken but the syntax. */
  private static final List<String> BROKEN =
      List.of(
          "- nosuchstep: {}",
          "- to: nosuchcomponent:x",
          "- to: log:x?nosuchoption=1",
          "- to: \"log:{{no.such.key}}\"",
          "- bean: { ref: noSuchBean }",
          "- setBody: { simple: \"${nosuchfunction}\" }",
          "- to: {");

  /** Another each time: a few rounds do not come to all of them. */
  private final int firstBroken = ThreadLocalRandom.current().nextInt(BROKEN.size());

  @TempDir Path directory;

  @Test
  void changingRoutesUnderLoadRefusesLosesAndRepeatsNothing() throws IOException {
    change(2, Duration.ofMillis(60));
  }

  @Test
  @Tag("long")
  void changingRoutesUnderLoadForMinutesRefusesLosesAndRepeatsNothing() throws IOException {
    change(40, Duration.ofMillis(20));
  }

  private void change(int rounds, Duration pause) throws IOException {
    Site site = new Site(directory);
    try (Destination destination = new Destination()) {
      destination.takeTime(WORK);
      String edited = destination.route("edited", "*", "", 0);
      String broken = destination.route("broken", "*", "", 0);
      String gone = destination.route("gone", "*", "", 0);
      site.route("untouched", destination.route("untouched", "*", "", 0));
      site.route("edited", edited).route("broken", broken).route("gone", gone);
      try (CaravanProcess caravan = site.startReady();
          Load load = new Load(CLIENTS, pause)) {
        load.sendTo(caravan.hook());
        for (int round = 1; round <= rounds; round++) {
          boolean odd = round % 2 == 1;
          site.route("edited", edited + "# edited in round " + round + "\n");
          site.route("broken", odd ? broken(broken, round) : broken + "# mended " + round + "\n");
          if (odd) {
            Files.delete(directory.resolve("routes/gone.camel.yaml"));
          } else {
            site.route("gone", gone);
          }
          awaitLines(caravan, "Routes of edited.camel.yaml replaced", round);
          awaitLines(caravan, "Its last good version keeps running: [broken]", (round + 1) / 2);
          awaitLines(caravan, "Routes of broken.camel.yaml replaced", round / 2);
          awaitLines(caravan, "gone.camel.yaml was deleted", (round + 1) / 2);
          awaitLines(caravan, "Routes of gone.camel.yaml started", 1 + round / 2);
        }
        load.end();

        assertThat(load.accepted()).hasSizeGreaterThan(rounds * CLIENTS);
        assertThat(load.otherAnswers()).as("answers but 202").isEmpty();
        assertThat(load.unanswered()).as("requests without an answer").isZero();
        awaitCompletion(destination, load.accepted());
        for (var subscription : destination.all()) {
          String name = subscription.getKey();
          Arrivals arrivals = subscription.getValue();
          assertThat(arrivals.completedAgain()).as("run twice by " + name).isZero();
          assertThat(arrivals.overlappingLanes()).as("two at once of a lane in " + name).isEmpty();
          assertThat(arrivals.firstAttempts().values())
              .as("order in " + name)
              .allSatisfy(numbers -> assertThat(numbers).isSorted());
        }
        assertThat(caravan.stop()).isZero();
      }
    }
  }

  private String broken(String route, int round) {
    return route + "        " + BROKEN.get((firstBroken + round / 2) % BROKEN.size()) + "\n";
  }

  private static void awaitLines(CaravanProcess caravan, String text, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> caravan.output().lines().filter(line -> line.contains(text)).count() == count);
  }

  private static void awaitCompletion(Destination destination, Map<String, SignedPush> accepted) {
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              for (var subscription : destination.all()) {
                assertThat(accepted.keySet().stream())
                    .as("accepted, and not completed by " + subscription.getKey())
                    .allMatch(subscription.getValue()::hasCompleted);
              }
            });
  }
}
