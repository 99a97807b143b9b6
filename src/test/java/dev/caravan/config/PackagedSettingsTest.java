package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The settings that package, image and chart bring: a key that is none is refused by reading them.
 */
class PackagedSettingsTest {
  private static final Path PACKAGING = Path.of("packaging");

  @TempDir private Path directory;

  @Test
  void thePackagesSettingsNameTheDirectoriesOfDataAndRoutes() {
    Settings settings = read(PACKAGING.resolve("installed/application.properties"));

    assertThat(settings.text("caravan.data")).isEqualTo("/var/lib/caravan");
    assertThat(settings.text("caravan.routes")).isEqualTo("/etc/caravan/routes");
  }

  @Test
  void imageAndChartKeepDataBelowTheVolumeAndAnswerForHealthOnAPortOfItsOwn() throws IOException {
    String values = Files.readString(PACKAGING.resolve("helm/caravan/values.yaml"));
    Path ofTheChart = Files.writeString(directory.resolve("application.properties"), block(values));

    for (Path file : List.of(PACKAGING.resolve("container/application.properties"), ofTheChart)) {
      Settings settings = read(file);
      assertThat(settings.text("caravan.data")).isEqualTo("/var/lib/caravan/data");
      assertThat(settings.text("caravan.routes")).isEqualTo("/etc/caravan/routes");
      assertThat(settings.integer("caravan.health.port", 1, 65535)).isEqualTo(8002);
      assertThat(settings.text("camel.management.host")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void servicesWaitLongerForTheStopThanRoutesMayTake() throws IOException {
    Duration stop = read(null).duration("caravan.stop-timeout").plusSeconds(15);

    assertThat(seconds("installed/caravan.service", "TimeoutStopSec=(\\d+)"))
        .isGreaterThanOrEqualTo(stop.toSeconds());
    assertThat(seconds("helm/caravan/values.yaml", "terminationGracePeriodSeconds: (\\d+)"))
        .isGreaterThanOrEqualTo(stop.toSeconds());
  }

  private static Settings read(@Nullable Path file) {
    return new SettingSources(Map.of()).read(file, Map.of());
  }

  private static long seconds(String file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(PACKAGING.resolve(file)));
    assertThat(matcher.find()).as(pattern + " in " + file).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  /** What is indented below {@code settings: |}. */
  private static String block(String values) {
    return values
        .lines()
        .dropWhile(line -> !line.equals("settings: |"))
        .skip(1)
        .takeWhile(line -> line.startsWith("  "))
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }
}
