package dev.caravan.faults;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More of everything than there is room for: memory stays bounded, and nobody else suffers. */
class OverloadTest {
  private static final int MEBIBYTE = 1 << 20;

  /** What the process may take in all, with a heap of 256 MiB (caravan's own limit). */
  private static final long MOST_MEGABYTES = 450;

  /** A payload of the largest size there is, less what is around the text. */
  private static final int LARGEST = 25 * MEBIBYTE - 1024;

  @TempDir Path directory;

  @Test
  void aThousandConnectionsAndLargeBodiesFitIntoTheHeap() {
    overload(1000, 1, 8);
  }

  @Test
  @Tag("long")
  void twoThousandConnectionsAndTwentyOfTheLargestBodiesFitIntoTheHeapForLong() {
    overload(2000, 30, 20);
  }

  private void overload(int connections, int rounds, int largeBodies) {
    try (Destination destination = new Destination()) {
      Site site =
          new Site(directory)
              .set("caravan.connections", "4000")
              .set("caravan.connections-per-address", "4000")
              .route("ci", destination.route("ci", "*", "", 0));
      try (CaravanProcess caravan = site.startReady();
          Crowd crowd = new Crowd(caravan.hook(), connections)) {
        Report report = new Report("overload-" + rounds);
        for (int round = 1; round <= rounds; round++) {
          assertThat(crowd.sendOneEach(round, "x".repeat(5000)))
              .containsExactlyEntriesOf(Map.of(202, connections));
        }
        report.line(
            "%d connections, %d rounds: %d MB resident", connections, rounds, peak(caravan));
        Map<Integer, Long> answers = sendLarge(caravan, largeBodies);
        report.line(
            "%d of the largest bodies at once: %s, %d MB resident at the peak",
            largeBodies, answers, peak(caravan));
        assertThat(answers).containsKey(202);
        // 408 goes to one that came to a standstill, on a busy machine, while others waited.
        assertThat(answers.keySet()).isSubsetOf(202, 408, 503);
        assertThat(peak(caravan)).isLessThan(MOST_MEGABYTES);
        int completed = connections * rounds + answers.get(202).intValue();
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> destination.at("ci").completed() == completed);
        assertThat(caravan.output()).doesNotContain("OutOfMemory");
        assertThat(peak(caravan)).isLessThan(MOST_MEGABYTES);
      }
    }
  }

  @Test
  @Tag("long")
  void thePayloadOfTheLargestFormIsPostedOn() {
    try (Destination destination = new Destination()) {
      Site site =
          new Site(directory)
              .route(
                  "ci",
                  """
                  - route:
                      id: ci
                      from:
                        uri: github-webhook:push
                        steps:
                          - to: %s
                  """
                      .formatted(destination.address("ci", 0)));
      try (CaravanProcess caravan = site.startReady()) {
        SignedPush form = SignedPush.of(1, 1, letters(LARGEST)).asLongestForm();
        assertThat(new Client(caravan).send(form).statusCode()).isEqualTo(202);

        await()
            .atMost(Duration.ofMinutes(1))
            .failFast("out of memory", () -> caravan.output().contains("OutOfMemory"))
            .until(() -> destination.at("ci").completed() == 1);
      }
    }
  }

  /** Such that they compress no better than a text. */
  private static String letters(int length) {
    return new Random(1)
        .ints(length, 'a', 'z')
        .collect(
            () -> new StringBuilder(length),
            (text, letter) -> text.append((char) letter),
            StringBuilder::append)
        .toString();
  }

  private static long peak(CaravanProcess caravan) {
    return caravan.memoryKilobytes("VmHWM") / 1024;
  }

  private static Map<Integer, Long> sendLarge(CaravanProcess caravan, int count) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    SignedPush push = SignedPush.of(9999, 1, "x".repeat(LARGEST));
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      answers.add(
          http.sendAsync(push.again(number).to(caravan.hook()), BodyHandlers.discarding())
              .thenApply(HttpResponse::statusCode));
    }
    return answers.stream()
        .map(CompletableFuture::join)
        .collect(groupingBy(status -> status, counting()));
  }

  @Test
  void aThousandSlowSendersAreEndedAndSlowNobodyDown() {
    Site site =
        new Site(directory)
            .set("caravan.body-timeout", "2s")
            .set("caravan.connections-per-address", "1024");
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (CaravanProcess caravan = site.startReady();
        Crowd slow = new Crowd(caravan.hook(), 1000)) {
      Client client = new Client(caravan);
      List<Long> before = latencies(client, 1, 100);

      slow.announce(SignedPush.of(5000, 1, "x".repeat(1000)));
      var unused = clock.scheduleAtFixedRate(slow::trickle, 0, 1, TimeUnit.SECONDS);
      List<Long> meanwhile = latencies(client, 1000, 100);
      Map<Integer, Integer> ended = slow.answers();

      new Report("slow-senders")
          .line(
              "median answer %d us before, %d us beside 1,000 slow senders, who got %s",
              median(before), median(meanwhile), ended);
      assertThat(ended).containsExactlyEntriesOf(Map.of(408, 1000));
      assertThat(median(meanwhile)).isLessThan(median(before) * 3 + 2000);
    } finally {
      clock.shutdownNow();
    }
  }

  private static List<Long> latencies(Client client, int first, int count) {
    List<Long> micros = new ArrayList<>();
    for (int number = first; number < first + count; number++) {
      long began = System.nanoTime();
      assertThat(client.send(SignedPush.of(1, number)).statusCode()).isEqualTo(202);
      micros.add((System.nanoTime() - began) / 1000);
    }
    return micros;
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
