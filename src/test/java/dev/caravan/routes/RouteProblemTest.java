package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.routes.context.RouteLoader;
import dev.caravan.routes.context.RouteSet;
import dev.caravan.routes.problem.Placeholders;
import dev.caravan.routes.problem.RouteProblem;
import dev.caravan.routes.problem.SourceLines;
import dev.caravan.routes.source.RouteFileContent;
import dev.caravan.webhook.RunningRoutes;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
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

  /** A step of it, which can be another. */
  private static final String TO_LOG =
      """
      - to:
                        uri: log:x
                        parameters:
                          showAll: "true"
      """;

  private static RunningRoutes running;
  private static RouteLoader loader;

  @BeforeAll
  static void start() {
    running = new RunningRoutes();
    loader = new RouteLoader(file -> opened());
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
        "showAll:               | nosuch:                  | 26 | has no option nosuch",
        "uri: log:x             | uri: log:{{nosuch}}      | 24 | Property with key [nosuch] not found",
        "- log: \"here\"       | - bean: nosuch           | 22 | No bean could be found in the registry for: nosuch",
        "- log: \"here\"       | - log: ${nosuch}         | 22 | Unknown function: nosuch",
        "- log: \"here\"       | - marshal: { custom: { ref: nosuch } } | 22 | Cannot find data format in registry with ref: nosuch",
        "- log: \"here\"       | - throwException: { exceptionType: nosuch, message: a } | 22 | Error parsing [nosuch]",
        "${body} == 'a'         | ${nosuch} == 'b'         | 20 | Unknown function: nosuch",
        "concurrency: 2         | concurrency: some        | 16 | concurrency is 'some', which is not a whole number.",
        "concurrency: 2         | concurrency: 0           | 16 | concurrency must be from 1 to 1000, was 0.",
        "concurrency: 2         | startFrom: yesterday     | 16 | startFrom is 'yesterday'. Write now, beginning, or a time",
        "concurrency: 2         | maximumRate: fast        | 16 | maximumRate: 'fast' is not a rate. Write a number",
        "concurrency: 2         | maxAttempts: 0           | 16 | maxAttempts is 0; it must be at least 1",
        "concurrency: 2         | branch: refs/heads/main  | 16 | branch has 'refs/heads/main', which no branch can match.",
        "concurrency: 2         | nosuch: 2                | 16 | has no option nosuch",
        "period: 1000           | period: nosuch           |  8 | the value of period cannot be used as Duration",
        "uri: timer:nosuch      | uri: nosuch:nosuch       |  5 | No endpoint could be found for: nosuch://nosuch",
        "- log: \"here\"       | - nosuch: {}             | 22 | there is nothing called nosuch that could stand here",
      })
  void itHasTheLineOfWhatIsWrongAndNamesIt(String right, String wrong, int line, String sentence)
      throws Exception {
    RouteProblem problem = problem("test.camel.yaml", YAML.replace(right, wrong));

    assertThat(problem.message()).contains(sentence);
    assertThat(problem.line()).isEqualTo(line);
    assertThat(problem.toString()).contains("line " + line);
  }

  /** Each in place of the step in line 22; what Camel or Java says of them is no help. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "- setBody: hello                    | line 22: setBody does not take a text as it is. Write setBody: { constant: \"…\" }, or simple: for an expression",
        "- delay: 5s                         | line 22: delay does not take a text as it is. Write delay: { constant: \"…\" }, or simple: for an expression",
        "- transacted: yes                   | line 22: transacted takes no text. Write its parameters under it, or transacted: {} when there are none",
        "- setBody: {}                       | line 22: setBody has no expression. Write one under it, such as simple: or jsonpath:",
        "- choice: { when: [ { steps: [] } ] } | line 22: choice has no expression. Write one under it, such as simple: or jsonpath:",
        "- setHeader: { constant: a }        | line 22: setHeader has no name. Write name: beside its expression",
        "- throwException: {}                | line 22: throwException has no exception. Write exceptionType: java.lang.IllegalStateException, or another class",
        "- unmarshal: {}                     | line 22: unmarshal has no data format. Write one under it, such as json: {}",
        "- setBody: { groovy: a }            | line 22: there is no language groovy here. Add it and start again: caravan add camel-groovy",
        "- marshal: { csv: {} }              | line 22: there is no data format csv here. Add it and start again: caravan add camel-csv",
        "- to: \"jms:orders\"                 | line 22: No endpoint could be found for: jms://orders, since there is no component jms here. Add it and start again: caravan add camel-jms",
        "- to: github-webhook:push           | line 22: github-webhook: can only be read, and stands under from. To call another route, write to: direct:NAME and from: direct:NAME there",
        "- toD: \"github-webhook:${body}\"    | line 22: github-webhook: can only be read, and stands under from. To call another route, write to: direct:NAME and from: direct:NAME there",
        "- setBody: { jsonpath: \"$.a[*\" }   | line 22: the jsonpath expression cannot be read: Expected wildcard token to end with ']' on position 5",
        "- setBody: { xpath: \"/a[\" }        | line 22: the xpath expression cannot be read: A location path was expected, but the end of the XPath expression was found instead.",
        "- bean: { beanType: com.acme.Nope } | line 22: the class com.acme.Nope is missing. Add the library that has it: caravan add GROUP:ARTIFACT, or put its jar into lib/ and start again, unless its name is misspelt",
        "- logg: a                           | line 22: there is nothing called logg that could stand here. Is it misspelt?",
        "- filter: { simple: a, steps: { log: a } } | line 22: a list has to stand here: write - before each of its items",
        "- log: { message: a, message: b }   | line 22: message: is there twice in one place. Write it once",
      })
  void aFrequentMistakeHasASentenceThatSaysWhatToDo(String step, String sentence) throws Exception {
    RouteProblem problem = problem("test.camel.yaml", YAML.replace("- log: \"here\"", step));

    assertThat(problem.toString().replaceAll("^line 2[0-2]:", "line 22:")).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "route: { id: a }                              | line 1: a route file is a list, and route: is not an item of one. Write - route: and indent what is under it",
        "- route: { id: a }                            | line 1: the route has no from. Write from: with uri: and steps: under it",
        "- route: { id: a, from: { uri: \"github-webhook:\", steps: [ { log: a } ] } } | line 1: github-webhook: names no events. Write github-webhook:* for all, or for instance github-webhook:push,issues.opened",
        "- route: { id: a, from: { uri: timer:a } }    | line 1: the route a does nothing. Write steps: under its from, and under a transacted or saga the steps that belong to it",
        "- onException: { exception: [ java.lang.Exception ] } | there is no route in it, so it does nothing: what a file says beside its routes counts for these alone",
        "- route: { id: a, from: { uri: timer:a, steps: [ { to: kamelet:nosuch } ] } } | line 1: there is no Kamelet nosuch. Put nosuch.kamelet.yaml into routes/shared. For those of Camel's catalogue: Add it and start again: caravan add camel-kamelets",
        "- templatedRoute: { routeId: a, routeTemplateRef: nosuch } | line 1: there is no route template nosuch. Define one with that id in routes/shared, or in this file",
        "- route: { id: a, from: { uri: timer:a, steps: [ { transacted: { steps: [ { log: a } ] } } ] } } | line 1: transacted needs a transaction policy, and no bean is one. Define one, or leave transacted out: a delivery that fails is tried again as a whole",
        "- route: { id: a, from: { uri: timer:a, steps: [ { saga: { steps: [ { log: a } ] } } ] } } | line 1: saga needs a bean that keeps sagas. Define one under beans: with type: org.apache.camel.saga.InMemorySagaService",
        "- route: { id: a, from: { uri: timer:a, steps: [ { log: { id: x, message: a } }, { log: { id: x, message: a } } ] } } | line 1: two steps have the id 'x'. Give one of them another id",
      })
  void soHasAWholeFile(String text, String sentence) throws Exception {
    assertThat(problem("test.camel.yaml", text)).hasToString(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".to(\"log:x\") | .to(\"nosuch:x\") | 9 | No endpoint could be found",
        ".log(\"a\")    | .lg(\"a\")        | 8 | cannot find symbol",
        "direct:java      | direct:java?nosuch=1 | 6 | has no option",
        ".routeId(\"java\") | .description(\"java\") | 6 | has no id",
      })
  void inJavaToo(String right, String wrong, int line, String sentence) throws Exception {
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
  void aProblemWithoutAMessageHasNoLine() {
    SourceLines source = new SourceLines(YAML, List.of());

    assertThat(RouteProblem.of(new IllegalStateException(), source, placeholders(YAML)))
        .isEqualTo(new RouteProblem("IllegalStateException", null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "log:x?passwrod=hunter2, b=c&a=d&level=INFO | log://x has no option a and no option passwrod",
        "log:x?passwrod=RAW(hunter2 due to: hunter2) | log://x has no option passwrod",
        "log:x?marker=R&D/ | log://x: an & in the value of an option begins the next option. Write the value as RAW(…)",
        "log:x?groupSize=hunter2&level=INFO          | the value of groupSize cannot be used as Integer",
        "log:x?showAll=hunter2                       | the value of showAll cannot be used",
        "log:x?exchangeFormatter=#hunter2            | exchangeFormatter names a bean that does not exist",
        "http:x?connectTimeout=hunter2               | the value of one of its options cannot be used as Timeout",
        "nosuch:x?a=hunter2&b=RAW(hunter2, hunter2)  | No endpoint could be found for: nosuch://x, since there is no component nosuch here. Camel has none of that name",
        "nosuch:{{env:CARAVAN_TEST:hunter2}}         | No endpoint could be found for: nosuch://{{env:CARAVAN_TEST}}, since there is no component nosuch here. Camel has none of that name",
        "{{url:htp://x/hunter2}}                     | No endpoint could be found for: {{url}}, since there is no component htp here. Camel has none of that name. Did you mean ftp or http or fop?",
        "{{hunter}}                                  | No endpoint could be found for: {{hunter}}",
        "log:x?level={{hunter}}                      | No enum constant org.apache.camel.LoggingLevel.{{hunter}}",
        "log:x?a={{hunter}}{{nosuch}}                | Property with key [nosuch] not found",
      })
  void itTellsNoValueOfAnOption(String uri, String sentence) throws Exception {
    running.context().getPropertiesComponent().addInitialProperty("hunter", "Hunter2");

    RouteProblem problem =
        problem("test.camel.yaml", YAML.replace(TO_LOG, "- to: \"" + uri + "\"\n"));

    assertThat(problem.message()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "uri: log:x       | uri: @hunter2                                  | cannot start any token",
        "showAll: \"true\" | password: \"hunter2                             | A simple key is required",
        "${body} == 'a'   | ${body == '{{hunter}}'                         | expected symbol functionEnd",
        "- log: \"here\"  | - log: { message: a, loggingLevel: \"{{hunter}}\" } | Error parsing [{{hunter}}] from property {{hunter}}",
        "uri: log:x       | uri: log:x?a=hunter2 hunter2                    | query parameters (uri: log:x",
      })
  void itShowsNoTextOfTheFileThatMayHoldOne(String right, String wrong, String sentence)
      throws Exception {
    running.context().getPropertiesComponent().addInitialProperty("hunter", "hunter2");
    String text = YAML.replace(right, wrong);

    RouteProblem problem = problem("test.camel.yaml", text);

    assertThat(problem.message()).contains(sentence).doesNotContain("hunter2");
  }

  @Test
  void aCompilationErrorDoesNotShowASecretInTheSource() throws Exception {
    RouteProblem problem = problem("Test.java", "class Test {\n  String a = 1 + \"hunter2;\n}\n");

    assertThat(problem)
        .hasToString("line 2: Compilation error: /Test.java:2: error: unclosed string literal");
  }

  private static Placeholders placeholders(String text) {
    return new Placeholders(running.context(), text);
  }

  private static RouteProblem problem(String name, String text) throws Exception {
    RouteSet set = null;
    try {
      set = loader.open(name);
      loader.read(set, name, RouteFileContent.of(text));
      set.start();
    } catch (Exception e) {
      return RouteSet.problem(e, text, set);
    } finally {
      set.stop();
    }
    throw new AssertionError("Nothing is wrong with:\n" + text);
  }

  /** With the log and the properties of the one that is asked what placeholders mean. */
  private static CamelContext opened() {
    CamelContext context = new DefaultCamelContext();
    context.getRegistry().bind("deliveryLog", running.log());
    running
        .context()
        .getPropertiesComponent()
        .resolveProperty("hunter")
        .ifPresent(value -> context.getPropertiesComponent().addInitialProperty("hunter", value));
    context.start();
    return context;
  }
}
