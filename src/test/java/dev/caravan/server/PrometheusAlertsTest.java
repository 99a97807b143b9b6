package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Promtool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The example alerts in docs/ are rules that Prometheus reads, about metrics that there are. */
class PrometheusAlertsTest {
  private static final List<Path> ALERTS =
      List.of(Path.of("docs/prometheus-alerts.yml"), Path.of("docs/prometheus-alerts-hooks.yml"));
  private static final Path RULE_TESTS = Path.of("src/test/prometheus");
  private static final Pattern METRIC = Pattern.compile("caravan_\\w+");

  /** A metric, a label and the values it is compared with. */
  private static final Pattern SELECTOR =
      Pattern.compile("(caravan_\\w+)\\{(\\w+)=~?\"([\\w|]+)\"\\}");

  private static final Pattern DURATION = Pattern.compile("\\d+[smhd]");

  @TempDir Path directory;

  @Test
  void everyRuleHasWhatPrometheusWantsAndNothingElse() throws IOException {
    for (Map<String, Object> rule : rules()) {
      String name = (String) rule.get("alert");
      assertThat(rule.keySet())
          .as(name)
          .contains("alert", "expr", "labels", "annotations")
          .isSubsetOf("alert", "expr", "for", "labels", "annotations");
      assertThat(name).matches("Caravan[A-Za-z]+");
      assertThat((String) rule.get("expr")).as(name).isNotBlank();
      assertThat(rule.getOrDefault("for", "1m").toString()).as(name).matches(DURATION);
      assertThat(map(rule.get("labels"))).as(name).containsOnlyKeys("severity");
      assertThat(map(rule.get("annotations")))
          .as(name)
          .containsKey("summary")
          .allSatisfy(
              (key, text) -> {
                assertThat(key).isIn("summary", "description");
                assertThat(text).asString().isNotBlank();
              });
    }
    assertThat(rules()).extracting(rule -> rule.get("alert")).doesNotHaveDuplicates();
  }

  @Test
  void everyMetricAndEveryValueOfALabelIsInAScrapeOfAServerThatHasSeenTraffic() throws IOException {
    Scrape scrape = EveryMetric.in(directory);
    Set<String> names = scrape.names();
    for (Map<String, Object> rule : rules()) {
      String expression = (String) rule.get("expr");
      String name = (String) rule.get("alert");
      List<String> metrics = METRIC.matcher(expression).results().map(MatchResult::group).toList();
      assertThat(names).as(name).containsAll(metrics);
      assertThat(metrics.isEmpty()).as(name).isEqualTo(name.equals("CaravanDown"));
      SELECTOR
          .matcher(expression)
          .results()
          .forEach(
              selector -> {
                for (String value : selector.group(3).split("\\|", -1)) {
                  scrape.value(selector.group(1) + "{" + selector.group(2) + "=\"" + value + "\"}");
                }
              });
    }
  }

  @Test
  void prometheusItselfReadsTheRulesAndFiresThemWhenTheyShould() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("test", "rules"));
    try (Stream<Path> files = Files.list(RULE_TESTS)) {
      files.map(Path::toString).sorted().forEach(arguments::add);
    }
    assertThat(arguments).hasSizeGreaterThan(2);

    Promtool.run(directory, arguments.toArray(String[]::new));
  }

  private static List<Map<String, Object>> rules() throws IOException {
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Path file : ALERTS) {
      rules.addAll(rules(file));
    }
    return rules;
  }

  private static List<Map<String, Object>> rules(Path path) throws IOException {
    Map<String, Object> file =
        map(
            new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
                .loadFromString(Files.readString(path)));
    assertThat(file).containsOnlyKeys("groups");
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Object group : (List<?>) file.get("groups")) {
      assertThat(map(group)).containsOnlyKeys("name", "rules");
      ((List<?>) map(group).get("rules")).forEach(rule -> rules.add(map(rule)));
    }
    assertThat(rules).isNotEmpty();
    return rules;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object yaml) {
    assertThat(yaml).isInstanceOf(Map.class);
    return (Map<String, Object>) yaml;
  }
}
