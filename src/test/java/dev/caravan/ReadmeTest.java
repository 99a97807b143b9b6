package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** What the README shows is what there is. The commands in it are run by {@code ProgramIT}. */
class ReadmeTest {
  @Test
  void theReadmesRoutesCanBeRead() throws Exception {
    List<String> routes = found("(?s)```yaml\n(.*?)```");
    assertThat(routes).isNotEmpty();
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.start();
      for (String route : routes) {
        RouteBuilder builder =
            (RouteBuilder)
                PluginHelper.getRoutesLoader(context)
                    .findRoutesBuilders(ResourceHelper.fromString("file:a.camel.yaml", route))
                    .iterator()
                    .next();
        builder.configureRoutes(context);
        assertThat(builder.getRouteCollection().getRoutes()).isNotEmpty();
      }
    }
  }

  @Test
  void theParametersOfTheReadmeAreThoseOfTheComponent() throws IOException {
    String catalog =
        Files.readString(
            Path.of("src/generated/resources/META-INF/dev/caravan/webhook/github-webhook.json"));

    for (String row : found("(?m)^\\| (`[a-zA-Z]+`(?:, `[a-zA-Z]+`)*) \\| [^|]+ \\| [^|]+\\|$")) {
      for (String name : row.replace("`", "").split(", ", -1)) {
        assertThat(catalog).contains("\"" + name + "\": {");
      }
    }
  }

  @Test
  void theTestOfARouteThatThePageOfTheComponentShowsIsOneThatRuns() throws IOException {
    String test =
        Files.readString(Path.of("src/test/java/dev/caravan/receiver/application/PushesTest.java"));

    assertThat(Files.readString(Path.of("docs/component.md")))
        .contains(test.substring(test.indexOf("@CamelMainTest")));
  }

  private static List<String> found(String regex) throws IOException {
    return matches(regex, Files.readString(Path.of("README.md")));
  }

  private static List<String> matches(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(ReadmeTest::firstGroup).toList();
  }

  private static String firstGroup(MatchResult match) {
    return match.group(1);
  }
}
