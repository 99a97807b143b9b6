package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route from caravan-events: hears of what happens to the program. */
class CaravanEventsTest {
  @TempDir Path directory;

  @Test
  void aDeadLetterAndABrokenFileAreToldOnceEach() throws IOException {
    Path told = directory.resolve("told.txt");
    try (Site site = new Site(directory)) {
      site.route("tell.camel.yaml", tell("*", told))
          .route(
              "failing.camel.yaml",
              Site.route(
                  "failing",
                  "push",
                  "throwException: { exceptionType: java.lang.IllegalStateException, message: down }"))
          .start();
      assertThat(site.server().routeFiles()).noneMatch(file -> file.problem() != null);

      site.post("push", "1", "{\"repository\":{\"full_name\":\"acme/rocket\"}}");
      await()
          .until(
              () ->
                  lines(told).stream()
                      .anyMatch(
                          line ->
                              line.startsWith("dead-letter happened failing acme/rocket 1 ")
                                  && line.contains("IllegalStateException: down")));

      site.route("failing.camel.yaml", Site.route("failing", "push", "nosuchstep: {}"));
      await()
          .untilAsserted(
              () ->
                  assertThat(lines(told))
                      .filteredOn(line -> line.startsWith("route-file began"))
                      .singleElement()
                      .asString()
                      .contains("failing.camel.yaml", "nosuchstep"));
      assertThat(lines(told)).filteredOn(line -> line.startsWith("dead-letter")).hasSize(1);
    }
  }

  @Test
  void anUnknownKindIsRefusedWithTheListOfKinds() throws IOException {
    try (Site site =
        new Site(directory)
            .route("tell.camel.yaml", tell("dead-leter", directory.resolve("told.txt")))
            .start()) {
      assertThat(site.server().routeFiles().get(0).problem())
          .asString()
          .contains(
              "caravan-events: has no 'dead-leter'. Write * for all, or some of dead-letter,");
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static String tell(String kinds, Path file) {
    return """
        - route:
            id: tell
            from:
              uri: "caravan-events:%s"
              steps:
                - setBody:
                    simple: "${header.CamelCaravanEventKind} ${header.CamelCaravanEventState} ${header.CamelCaravanEventSubscription} ${header.CamelCaravanEventRepository} ${header.CamelCaravanEventDelivery} ${body}"
                - to: "file:%s?fileName=%s&fileExist=Append&appendChars=\\\\n"
        """
        .formatted(kinds, file.getParent(), file.getFileName());
  }
}
