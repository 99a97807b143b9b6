package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.SettingSources;
import dev.caravan.routes.RouteFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes of a shared log are compared by. */
class NodeDescriptionTest {
  private static final String BEANS =
      """
      - beans:
          - name: words
            type: java.text.MessageFormat
            constructors: { 0: "%s" }
      """;

  @TempDir Path directory;
  private final List<CamelContext> contexts = new ArrayList<>();

  @AfterEach
  void stop() {
    contexts.forEach(CamelContext::stop);
  }

  @Test
  void nodesDifferOnceFilesOfOneNameHoldOtherRoutes() throws IOException {
    assertThat(checksum("- setBody: { constant: one }"))
        .isEqualTo(checksum("- setBody: { constant: one }"))
        .isNotEqualTo(checksum("- setBody: { constant: two }"));
  }

  @Test
  void nodesDifferOnceTheirRoutesTakeSomethingElseFromSharedFiles() throws IOException {
    String step = "- bean: { ref: words, method: toPattern }";
    Path shared = Files.createDirectory(directory.resolve("shared")).resolve("words.camel.yaml");
    Files.writeString(shared, BEANS.formatted("one"));
    String before = checksum(step);

    assertThat(checksum(step)).isEqualTo(before);
    Files.writeString(shared, BEANS.formatted("two"));
    assertThat(checksum(step)).isNotEqualTo(before);
  }

  @Test
  void nodesDifferOnceASettingThatCountsForAllMeansSomethingElse() {
    String before = withSetting("caravan.retention.age", "7d");

    assertThat(withSetting("caravan.retention.age", "168h")).isEqualTo(before);
    assertThat(withSetting("caravan.route-memory", "1GiB")).isEqualTo(before);
    assertThat(withSetting("caravan.retention.age", "1h")).isNotEqualTo(before);
    assertThat(withSetting("caravan.retention.size", "16MiB")).isNotEqualTo(before);
    assertThat(withSetting("caravan.cluster.lease", "2m")).isNotEqualTo(before);
    assertThat(withSetting("caravan.dedupe", "content")).isNotEqualTo(before);
    assertThat(withSetting("caravan.max-payload", "1MiB")).isNotEqualTo(before);
    assertThat(withSetting("camel.component.http.response-timeout", "1s")).isNotEqualTo(before);
  }

  private static String withSetting(String key, String value) {
    return NodeDescription.checksum(
        new SettingSources(Map.of())
            .read(null, Map.of("caravan.log", "postgresql://caravan@db1/caravan", key, value)));
  }

  private String checksum(String step) throws IOException {
    String text =
        """
        - route:
            id: ci
            from:
              uri: direct:ci
              steps:
                %s
        """
            .formatted(step);
    try (RouteFiles files =
        RouteFiles.with(Map.of("ci.camel.yaml", text), file -> opened(), directory)) {
      assertThat(files.texts()).containsOnlyKeys("ci.camel.yaml");
      return NodeDescription.checksum(files);
    }
  }

  private CamelContext opened() {
    CamelContext opened = new DefaultCamelContext();
    contexts.add(opened);
    opened.start();
    return opened;
  }
}
