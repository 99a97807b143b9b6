package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.webhook.RunningRoutes;
import java.util.List;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sentence and the line that a route's author gets. */
class RouteProblemTest {
  /** The line that a test breaks, among others that look like it. */
  private static final String YAML =
      """
      # nosuch: a comment that names what is wrong below
      - route:
          id: first
          from:
            uri: timer:nosuch
            parameters:
              delay: 60000
              period: 1000
            steps:
              - log: "nosuch"
      - route:
          id: second
          from:
            uri: github-webhook:push
            parameters:
              concurrency: 2
            steps:
              - log: "nosuch"
              - filter:
                  simple: "${body} == 'a'"
                  steps:
                    - log: "here"
                    - to:
                        uri: log:x
                        parameters:
                          showAll: "true"
              - log: "nosuch"
      """;

  private static RunningRoutes running;
  private static RouteLoader loader;

  @BeforeAll
  static void start() {
    running = new RunningRoutes();
    loader = new RouteLoader(running.context());
    running.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "uri: log:x             | uri: nosuch:x            | 24 | No endpoint could be found for: nosuch://x",
        "showAll:               | nosuch:                  | 26 | Unknown parameters=[{nosuch=true}]",
        "uri: log:x             | uri: log:{{nosuch}}      | 24 | Property with key [nosuch] not found",
        "- log: \"here\"       | - bean: nosuch           | 22 | No bean could be found in the registry for: nosuch",
        "- log: \"here\"       | - log: ${nosuch}         | 22 | Unknown function: nosuch",
        "- log: \"here\"       | - marshal: { custom: { ref: nosuch } } | 22 | Cannot find data format in registry with ref: nosuch",
        "- log: \"here\"       | - throwException: { exceptionType: nosuch, message: a } | 22 | Error parsing [nosuch]",
        "${body} == 'a'         | ${nosuch} == 'b'         | 20 | Unknown function: nosuch",
        "concurrency: 2         | concurrency: some        | 16 | concurrency is 'some', which is not a whole number.",
        "concurrency: 2         | concurrency: 0           | 16 | concurrency must be from 1 to 1000, was 0.",
        "concurrency: 2         | nosuch: 2                | 16 | Unknown parameters=[{nosuch=2}]",
        "period: 1000           | period: nosuch           |  8 | Error binding property (period=nosuch)",
        "uri: timer:nosuch      | uri: nosuch:nosuch       |  5 | No endpoint could be found for: nosuch://nosuch",
        "- log: \"here\"       | - nosuch: {}             | 22 | Unknown node id: nosuch",
      })
  void itHasTheLineOfWhatIsWrongAndNamesIt(String right, String wrong, int line, String sentence) {
    RouteProblem problem = problem("test.camel.yaml", YAML.replace(right, wrong));

    assertThat(problem.message()).contains(sentence);
    assertThat(problem.line()).isEqualTo(line);
    assertThat(problem.toString()).contains("line " + line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".to(\"log:x\") | .to(\"nosuch:x\") | 9 | No endpoint could be found",
        ".log(\"a\")    | .lg(\"a\")        | 8 | cannot find symbol",
        "direct:java      | direct:java?nosuch=1 | 6 | Unknown parameters",
        ".routeId(\"java\") | .description(\"java\") | 6 | has no id",
      })
  void inJavaToo(String right, String wrong, int line, String sentence) {
    String java =
        """
        import org.apache.camel.builder.RouteBuilder;

        public class Test extends RouteBuilder {
          @Override
          public void configure() {
            from("direct:java")
                .routeId("java")
                .log("a")
                .to("log:x");
          }
        }
        """;

    RouteProblem problem = problem("Test.java", java.replace(right, wrong));

    assertThat(problem.message()).contains(sentence);
    assertThat(problem.line()).isEqualTo(line);
  }

  @Test
  void whatNothingIsKnownOfHasNoLine() {
    RouteSource source = new RouteSource(YAML, List.of());

    assertThat(RouteProblem.of(new IllegalStateException(), source))
        .isEqualTo(new RouteProblem("IllegalStateException", null));
  }

  private static RouteProblem problem(String name, String text) {
    List<RouteDefinition> routes = List.of();
    try {
      RouteLoader.Parsed parsed = loader.parse(name, text);
      routes = parsed.routes();
      loader.start(parsed);
      loader.remove(parsed.ids());
    } catch (Exception e) {
      return RouteProblem.of(e, new RouteSource(text, routes));
    }
    throw new AssertionError("Nothing is wrong with:\n" + text);
  }
}
