package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Promtool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in docs/ asks for what a server says, and in Prometheus' language. */
class GrafanaDashboardTest {
  private static final Path DASHBOARD = Path.of("docs/grafana-dashboard.json");

  private static final Pattern SELECTOR = Pattern.compile("([a-z]\\w+)\\{([^}]*)\\}");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)=~?\"([^\"]*)\"");
  private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
  private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)\\}\\}");

  /** What Prometheus puts on each sample it takes. */
  private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

  @TempDir Path directory;

  @Test
  void everyQueryAsksForAMetricAndLabelsThatAServerHas() throws IOException {
    Scrape scrape = EveryMetric.in(directory);
    Set<String> names = new HashSet<>();
    for (JsonNode target : targets()) {
      String query = target.path("expr").asText();
      Set<String> labels = new HashSet<>();
      List<MatchResult> selectors = SELECTOR.matcher(query).results().toList();
      assertThat(selectors).as(query).isNotEmpty();
      for (MatchResult selector : selectors) {
        String name = selector.group(1);
        assertThat(scrape.names()).as(query).contains(name);
        labels.addAll(labels(scrape, name));
        names.add(name);
        MATCHER
            .matcher(selector.group(2))
            .results()
            .forEach(matcher -> assertThat(isThere(scrape, name, matcher)).as(query).isTrue());
      }
      BY.matcher(query)
          .results()
          .flatMap(by -> Pattern.compile(", *").splitAsStream(by.group(1)))
          .forEach(label -> assertThat(labels).as(query).contains(label));
      LEGEND
          .matcher(target.path("legendFormat").asText())
          .results()
          .forEach(label -> assertThat(labels).as(query).contains(label.group(1)));
    }
    assertThat(names).hasSizeGreaterThan(20);
  }

  @Test
  void prometheusItselfReadsEveryQuery() throws Exception {
    StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
    int number = 0;
    for (JsonNode target : targets()) {
      rules
          .append("      - record: query:")
          .append(number++)
          .append("\n        expr: |\n          ")
          .append(withoutVariables(target.path("expr").asText()))
          .append('\n');
    }
    Path file = directory.resolve("rules.yml");
    Files.writeString(file, rules);
    Promtool.run(directory, "check", "rules", file.toString());
  }

  @Test
  void noPanelsOverlapAndEachHasItsOwnNumber() throws IOException {
    Set<String> cells = new HashSet<>();
    Set<Integer> numbers = new HashSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      String title = panel.path("title").asText();
      assertThat(numbers.add(panel.path("id").asInt())).as(title).isTrue();
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).as(title).isBetween(1, 24);
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          String cell = (place.path("x").asInt() + x) + "," + (place.path("y").asInt() + y);
          assertThat(cells.add(cell)).as(title + " at " + cell).isTrue();
        }
      }
    }
  }

  /** As Grafana fills them in. */
  private static String withoutVariables(String query) {
    return query.replace("$__rate_interval", "5m").replace("$instance", ".*");
  }

  private static boolean isThere(Scrape scrape, String name, MatchResult matcher) {
    String label = matcher.group(1);
    if (OF_PROMETHEUS.contains(label)) {
      return true;
    }
    for (String value : matcher.group(2).split("\\|", -1)) {
      String wanted = label + "=\"" + value + "\"";
      if (scrape.samples().keySet().stream()
          .noneMatch(sample -> sample.startsWith(name + "{") && sample.contains(wanted))) {
        return false;
      }
    }
    return true;
  }

  private static Set<String> labels(Scrape scrape, String name) {
    Set<String> labels = new HashSet<>(OF_PROMETHEUS);
    scrape.samples().keySet().stream()
        .filter(sample -> sample.startsWith(name + "{"))
        .forEach(
            sample ->
                MATCHER.matcher(sample).results().forEach(label -> labels.add(label.group(1))));
    return labels;
  }

  private static List<JsonNode> targets() throws IOException {
    List<JsonNode> targets = new ArrayList<>();
    for (JsonNode panel : dashboard().path("panels")) {
      panel.path("targets").forEach(targets::add);
    }
    return targets;
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(DASHBOARD.toFile());
  }
}
