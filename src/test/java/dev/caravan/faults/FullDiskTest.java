package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lets the disk run full under the program, and gives space back. */
class FullDiskTest {
  private static final Pattern FAILURES =
      Pattern.compile("(?m)^caravan_flush_failures_total (\\S+)$");

  private static final int LANES = 50;

  @TempDir Path directory;

  private final List<String> accepted = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private int number;

  @Test
  void aFullDiskIs503AndPausesDispatchUntilThereIsSpaceAgain() {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "8m");
        Destination destination = new Destination()) {
      Site site = new Site(directory, disk.directory().resolve("data"));
      site.route("ci", destination.route("ci", "*", "concurrency: 2", 0));
      try (CaravanProcess caravan = site.startReady()) {
        Client client = new Client(caravan);
        destination.hold();
        sendSome(client);
        assertThat(refused).isEmpty();
        await().until(() -> destination.at("ci").attempts() == 2); // and the rest is waiting

        disk.fill();
        HttpResponse<String> full = sendUntilRefused(client);
        assertThat(full.statusCode()).isEqualTo(503);
        assertThat(full.headers().firstValue("Retry-After")).isPresent();
        assertThat(client.health()).isEqualTo(503);
        destination.release();
        awaitTwoMoreFailures(client);
        assertThat(destination.at("ci").attempts()).isEqualTo(2);
        assertThat(client.health()).isEqualTo(503);
        assertThat(client.send(next("more than the space that may be left")).statusCode())
            .isEqualTo(503);

        disk.clear();
        await().until(() -> client.health() == 200);
        sendSome(client);
        await().until(() -> accepted.stream().allMatch(destination.at("ci")::hasCompleted));
        assertThat(caravan.output())
            .containsOnlyOnce("The delivery log cannot be written")
            .containsOnlyOnce("The delivery log can be written again")
            .doesNotContain("\tat ");
        caravan.kill();
      }
      assertThat(destination.at("ci").completed()).isEqualTo(accepted.size());
      assertHolds(site);
    }
  }

  @Test
  void withoutASubscriptionAFullDiskIsNoticedJustAsWell() {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "8m");
        CaravanProcess caravan =
            new Site(directory, disk.directory().resolve("data")).startReady()) {
      Client client = new Client(caravan);
      disk.fill();
      sendUntilRefused(client);

      assertThat(client.send(next("another one")).statusCode()).isEqualTo(503);
      assertThat(client.send(next("and another")).statusCode()).isEqualTo(503);
      assertThat(client.health()).isEqualTo(503);
      assertThat(client.metrics())
          .containsPattern("(?m)^caravan_log_writable 0.0$")
          .containsPattern("(?m)^caravan_flush_failures_total [1-9]")
          .containsPattern("(?m)^caravan_refused_total\\{reason=\"not_stored\"} [1-9]");
    }
  }

  /** Until the log has tried to write again, and could not. */
  private static void awaitTwoMoreFailures(Client client) {
    double before = failures(client);
    await().until(() -> failures(client) >= before + 2);
  }

  private static double failures(Client client) {
    Matcher found = FAILURES.matcher(client.metrics());
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }

  private void sendSome(Client client) {
    for (int count = 0; count < LANES; count++) {
      send(client);
    }
  }

  private HttpResponse<String> sendUntilRefused(Client client) {
    HttpResponse<String> answer = send(client);
    while (answer.statusCode() == 202) {
      answer = send(client);
    }
    return answer;
  }

  private HttpResponse<String> send(Client client) {
    SignedPush push = next("x".repeat(3000));
    HttpResponse<String> answer = client.send(push);
    (answer.statusCode() == 202 ? accepted : refused).add(push.guid().toString());
    return answer;
  }

  private SignedPush next(String text) {
    number++;
    return SignedPush.of(number, 1, text);
  }

  private void assertHolds(Site site) {
    try (SqliteDeliveryLog log = SqliteDeliveryLog.open(site.data(), TestLog.OPTIONS)) {
      DeliveryHistory history = log.history();
      assertThat(accepted).allSatisfy(guid -> assertThat(Kept.delivery(history, guid)).isPresent());
      assertThat(refused).allSatisfy(guid -> assertThat(Kept.delivery(history, guid)).isEmpty());
    }
  }
}
