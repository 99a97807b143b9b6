package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan.dedupe}: what is a delivery of its own, from the request to the route. */
class DedupeSettingTest {
  @TempDir Path directory;

  @Test
  void theCopiesOfAnEventForTwoAppsBothRun() {
    try (Site site = site().start()) {
      assertThat(site.postFromHook("1", "push", "guid", payload(1))).isEqualTo(202);
      assertThat(site.postFromHook("2", "push", "guid", payload(2))).isEqualTo(202);
      assertThat(site.postFromHook("2", "push", "guid", payload(2))).isEqualTo(202);
      assertThat(site.postFromHook("2", "push", "guid", payload(3))).isEqualTo(202);
      assertThat(site.postFromHook("2", "push", "last", payload(4))).isEqualTo(202);

      await()
          .untilAsserted(() -> assertThat(ran()).containsExactlyInAnyOrder("of 1", "of 2", "of 4"));
      assertThat(scrape(site, "caravan_repeats_total{payload=\"different\"}")).isEqualTo(1);
    }
  }

  @Test
  void withContentACapturedDeliveryIsAcceptedUnderAnotherGuidAndDoesNotRun() {
    try (Site site = site().set("caravan.dedupe", "content").start()) {
      for (String guid : List.of("first", "captured", "captured-too")) {
        assertThat(site.post("push", guid, payload(1))).isEqualTo(202);
      }
      assertThat(site.post("push", "last", payload(2))).isEqualTo(202);

      await().untilAsserted(() -> assertThat(ran()).containsExactlyInAnyOrder("of 1", "of 2"));
      assertThat(scrape(site, "caravan_copies_total")).isEqualTo(2);
    }
  }

  private Site site() {
    String step =
        "to: file:%s?fileName=ran.txt&fileExist=Append&appendChars=\\n".formatted(directory);
    return new Site(directory)
        .route(
            "ci.camel.yaml",
            Site.route("ci", "push", "setBody: { simple: \"of ${body[installation][id]}\" }")
                + "        - "
                + step
                + "\n");
  }

  private static String payload(int installation) {
    return """
        {"ref":"refs/heads/main","commits":[],"pusher":{},"installation":{"id":%d}}"""
        .formatted(installation);
  }

  private List<String> ran() throws IOException {
    Path file = directory.resolve("ran.txt");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static double scrape(Site site, String series) {
    return Scrape.of(site.get("/observe/metrics").body()).value(series);
  }
}
