package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.routes.across.AcrossFiles;
import dev.caravan.routes.problem.RouteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file in {@code routes/shared} offers, and the routes that name it. */
class SharedFilesTest {
  private static final String CONFIGURATION =
      """
      - routeConfiguration:
          id: gentle
          onException:
            - onException:
                exception: [java.lang.IllegalStateException]
                handled: { constant: "true" }
                steps:
                  - setBody: { constant: %s }
      """;

  private static final String TEMPLATE =
      """
      - routeTemplate:
          id: greeting
          parameters:
            - name: whom
          from:
            uri: "direct:{{whom}}"
            steps:
              - setBody: { constant: "%s {{whom}}" }
      """;

  private static final String KAMELET =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: shout
      spec:
        definition:
          title: Shout
          type: object
        template:
          from:
            uri: kamelet:source
            steps:
              - setBody: { simple: "${body}%s" }
      """;

  private static final String BEANS =
      """
      - beans:
          - name: words
            type: java.text.MessageFormat
            constructors: { 0: "%s" }
          - name: other
            type: java.text.MessageFormat
            constructors: { 0: "of nobody" }
      """;

  @TempDir Path directory;
  private final List<CamelContext> contexts = new ArrayList<>();
  private final AcrossFiles acrossFiles = new AcrossFiles();
  private CamelContext context;
  private RouteFiles files;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(directory.resolve("shared"));
    context = opened();
    files = new RouteFiles(file -> opened(), directory, Duration.ofMillis(25));
  }

  private CamelContext opened() {
    CamelContext opened = new DefaultCamelContext();
    acrossFiles.connect(opened);
    opened.start();
    contexts.add(opened);
    return opened;
  }

  @AfterEach
  void stop() {
    files.close();
    contexts.forEach(CamelContext::stop);
  }

  @Test
  void routesThatNameADefinitionGetItAndFollowItsChanges() throws IOException {
    write("shared/errors.camel.yaml", CONFIGURATION.formatted("handled"));
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello"));
    write("shared/shout.kamelet.yaml", KAMELET.formatted("!"));
    write("shared/words.camel.yaml", BEANS.formatted("one"));
    write("configured.camel.yaml", failing("configured", "routeConfigurationId: gentle"));
    write("templated.camel.yaml", templated("world"));
    write("shouting.camel.yaml", route("shouting", "- to: kamelet:shout"));
    write("speaking.camel.yaml", route("speaking", "- bean: { ref: words, method: toPattern }"));
    files.start();

    assertThat(problems()).isEmpty();
    assertThat(ask("configured")).isEqualTo("handled");
    assertThat(ask("world")).isEqualTo("hello world");
    assertThat(ask("shouting")).isEqualTo("asked!");
    assertThat(ask("speaking")).isEqualTo("one");

    write("shared/errors.camel.yaml", CONFIGURATION.formatted("anew"));
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("bye"));
    write("shared/shout.kamelet.yaml", KAMELET.formatted("?"));
    write("shared/words.camel.yaml", BEANS.formatted("two"));

    await()
        .untilAsserted(
            () -> {
              assertThat(ask("configured")).isEqualTo("anew");
              assertThat(ask("world")).isEqualTo("bye world");
              assertThat(ask("shouting")).isEqualTo("asked?");
              assertThat(ask("speaking")).isEqualTo("two");
            });
    assertThat(problems()).isEmpty();
  }

  @Test
  void aDefinitionDoesNotReachARouteThatDoesNotNameIt() throws IOException {
    write("shared/errors.camel.yaml", CONFIGURATION.formatted("handled"));
    write("shared/words.camel.yaml", BEANS.formatted("one"));
    write("plain.camel.yaml", failing("plain", "description: not gentle, # gentle"));
    write("speaking.camel.yaml", route("speaking", "- bean: { ref: words, method: toPattern }"));
    files.start();

    assertThat(ask("plain")).isNull();
    assertThat(contextOf("plain").getRegistry().lookupByName("words")).isNull();
    assertThat(contextOf("speaking").getRegistry().lookupByName("words")).isNotNull();
    assertThat(contextOf("speaking").getRegistry().lookupByName("other")).isNull();
    assertThat(offers("shared/errors.camel.yaml")).isEqualTo(Map.of("gentle", List.of()));
    assertThat(offers("shared/words.camel.yaml"))
        .isEqualTo(Map.of("words", List.of("speaking.camel.yaml"), "other", List.of()));
  }

  @Test
  void aChangeReloadsOnlyTheRoutesThatUseIt() throws IOException {
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello"));
    write("templated.camel.yaml", templated("world"));
    write("plain.camel.yaml", route("plain", "- setBody: { constant: plain }"));
    files.start();
    CamelContext before = contextOf("plain");

    write("shared/greeting.camel.yaml", TEMPLATE.formatted("bye"));
    await().untilAsserted(() -> assertThat(ask("world")).isEqualTo("bye world"));

    assertThat(contextOf("plain")).isSameAs(before);
  }

  @Test
  void aSharedDefinitionMayUseAnother() throws IOException {
    write("shared/words.camel.yaml", BEANS.formatted("one"));
    write(
        "shared/speaking.camel.yaml",
        TEMPLATE
            .formatted("hello")
            .replace(
                "- setBody: { constant: \"hello {{whom}}\" }",
                "- to: bean:words?method=toPattern"));
    write("templated.camel.yaml", templated("world"));
    files.start();

    assertThat(problems()).isEmpty();
    assertThat(ask("world")).isEqualTo("one");
    write("shared/words.camel.yaml", BEANS.formatted("two"));
    await().untilAsserted(() -> assertThat(ask("world")).isEqualTo("two"));
  }

  @Test
  void theFilesOwnDefinitionComesFirst() throws IOException {
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello"));
    write("templated.camel.yaml", TEMPLATE.formatted("own") + templated("world"));
    files.start();

    assertThat(ask("world")).isEqualTo("own world");
  }

  @Test
  void aConfigurationInTheFileItselfCounts() throws IOException {
    write(
        "configured.camel.yaml",
        failing("configured", "routeConfigurationId: gentle") + CONFIGURATION.formatted("own"));
    files.start();

    assertThat(ask("configured")).isEqualTo("own");
  }

  @Test
  void aJavaRouteCanUseASharedBean() throws IOException {
    write("shared/words.camel.yaml", BEANS.formatted("one"));
    write(
        "Speaking.java",
        """
        import org.apache.camel.builder.RouteBuilder;
        public class Speaking extends RouteBuilder {
          public void configure() {
            from("direct:java").routeId("java").to("bean:words?method=toPattern");
          }
        }
        """);
    files.start();

    assertThat(problems()).isEmpty();
    assertThat(ask("java")).isEqualTo("one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: words|name: [|line ",
        "name: words|name: word|it no longer defines 'words', which speaking.camel.yaml uses"
      })
  void aVersionWithoutWhatARouteNamesAsItRunsIsRefused(String good, String broken, String sentence)
      throws IOException {
    write("shared/words.camel.yaml", BEANS.formatted("one"));
    write("speaking.camel.yaml", route("speaking", "- toD: \"bean:words?method=toPattern\""));
    files.start();
    assertThat(problems()).isEmpty();

    write("shared/words.camel.yaml", BEANS.formatted("two").replace(good, broken));

    await().untilAsserted(() -> assertThat(problems()).hasSize(1));
    assertThat(problems().get(0)).startsWith("shared/words.camel.yaml").contains(sentence);
    awaitOffers(
        "shared/words.camel.yaml",
        Map.of("words", List.of("speaking.camel.yaml"), "other", List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uri: \"direct:{{whom}}\"|uri: \"nowhere:{{whom}}\"|with it templated.camel.yaml could not run",
        "- name: whom|- name: who|with it templated.camel.yaml could not run",
        "- setBody:|- setBodi:|setBodi",
        "id: greeting|id:|line 1: the routeTemplate has no id",
        "- routeTemplate:|- route:|line 1: route: is not shared"
      })
  void aBrokenVersionLeavesTheLastGoodOneForAll(String good, String broken, String sentence)
      throws IOException {
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello"));
    write("templated.camel.yaml", templated("world"));
    write("also.camel.yaml", templated("moon"));
    files.start();

    write("shared/greeting.camel.yaml", TEMPLATE.formatted("bye").replace(good, broken));
    await()
        .untilAsserted(
            () ->
                assertThat(problems())
                    .anySatisfy(
                        problem ->
                            assertThat(problem)
                                .startsWith("shared/greeting.camel.yaml")
                                .containsAnyOf(sentence, sentence.replace("templated", "also"))));
    assertThat(problems()).hasSize(1);
    assertThat(ask("world")).isEqualTo("hello world");
    assertThat(ask("moon")).isEqualTo("hello moon");

    write("templated.camel.yaml", templated("world") + "# edited\n");
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("mended"));
    await().untilAsserted(() -> assertThat(ask("world")).isEqualTo("mended world"));
    assertThat(problems()).isEmpty();
  }

  @Test
  void deletingWhatIsUsedIsAnErrorThatNamesTheUsersAndLeavesThemRunning() throws IOException {
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello"));
    write("templated.camel.yaml", templated("world"));
    files.start();

    Files.delete(directory.resolve("shared/greeting.camel.yaml"));
    await()
        .untilAsserted(
            () ->
                assertThat(problems())
                    .containsExactly(
                        "shared/greeting.camel.yaml: it is gone, and is needed:"
                            + " templated.camel.yaml uses greeting. Bring it back, or take the"
                            + " names out of those"));
    assertThat(ask("world")).isEqualTo("hello world");

    Files.delete(directory.resolve("templated.camel.yaml"));
    await().untilAsserted(() -> assertThat(files.files()).isEmpty());
  }

  @Test
  void aFileThatIsRenamedWhileItIsUsedGoesOnUnderItsNewName() throws IOException {
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello"));
    write("templated.camel.yaml", templated("world"));
    files.start();

    Files.move(
        directory.resolve("shared/greeting.camel.yaml"),
        directory.resolve("shared/welcome.camel.yaml"));

    awaitOffers("shared/welcome.camel.yaml", Map.of("greeting", List.of("templated.camel.yaml")));
    assertThat(problems()).isEmpty();
    assertThat(ask("world")).isEqualTo("hello world");
    write("shared/welcome.camel.yaml", TEMPLATE.formatted("bye"));
    await().untilAsserted(() -> assertThat(ask("world")).isEqualTo("bye world"));
  }

  @Test
  void aNewFileTakesThePlaceOfADeletedOneThatIsStillUsed() throws IOException {
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello") + BEANS.formatted("one"));
    write("templated.camel.yaml", templated("world"));
    write("speaking.camel.yaml", route("speaking", "- bean: { ref: words, method: toPattern }"));
    files.start();
    Files.delete(directory.resolve("shared/greeting.camel.yaml"));
    await().until(() -> problems().size() == 1);

    write("shared/welcome.camel.yaml", TEMPLATE.formatted("bye"));

    await().untilAsserted(() -> assertThat(ask("world")).isEqualTo("bye world"));
    assertThat(ask("speaking")).isEqualTo("one");
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("it is gone, and is needed: speaking.camel.yaml uses words.");

    write("shared/words.camel.yaml", BEANS.formatted("two"));
    await().untilAsserted(() -> assertThat(ask("speaking")).isEqualTo("two"));
    await().untilAsserted(() -> assertThat(problems()).isEmpty());
  }

  @Test
  void aNameIsFreeOnceTheOtherFileNoLongerHasIt() throws IOException {
    write("shared/a.camel.yaml", BEANS.formatted("a"));
    write("shared/b.camel.yaml", BEANS.formatted("b"));
    write("speaking.camel.yaml", route("speaking", "- bean: { ref: words, method: toPattern }"));
    files.start();
    assertThat(problems()).singleElement().asString().contains("is defined in shared/a.camel.yaml");

    Files.delete(directory.resolve("shared/a.camel.yaml"));

    await().untilAsserted(() -> assertThat(ask("speaking")).isEqualTo("b"));
    await().untilAsserted(() -> assertThat(problems()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no YAML any more", "# nothing yet", "- beans:\n", "- beans: [", "{}", "- words"})
  void aFileThatBreaksGivesUpNothingToOneThatWasRefusedForTheSameName(String broken)
      throws IOException {
    write("shared/a.camel.yaml", BEANS.formatted("a"));
    write("shared/b.camel.yaml", BEANS.formatted("b"));
    write("speaking.camel.yaml", route("speaking", "- bean: { ref: words, method: toPattern }"));
    files.start();
    assertThat(problems()).hasSize(1);

    write("shared/a.camel.yaml", broken);

    await().until(() -> problems().size() == 2 || ask("speaking").equals("b"));
    assertThat(problems().get(0)).startsWith("shared/a.camel.yaml: ");
    assertThat(problems().get(1)).contains("is defined in shared/a.camel.yaml");
    assertThat(ask("speaking")).isEqualTo("a");
  }

  @Test
  void aDefinitionMovesFromOneFileToAnother() throws IOException {
    write("shared/a.camel.yaml", TEMPLATE.formatted("hello") + BEANS.formatted("one"));
    write("shared/b.camel.yaml", CONFIGURATION.formatted("handled"));
    write("templated.camel.yaml", templated("world"));
    write("speaking.camel.yaml", route("speaking", "- bean: { ref: words, method: toPattern }"));
    files.start();

    write("shared/a.camel.yaml", TEMPLATE.formatted("hello"));
    write("shared/b.camel.yaml", CONFIGURATION.formatted("handled") + BEANS.formatted("two"));

    await().untilAsserted(() -> assertThat(ask("speaking")).isEqualTo("two"));
    await().untilAsserted(() -> assertThat(problems()).isEmpty());
    assertThat(ask("world")).isEqualTo("hello world");
  }

  @Test
  void aChangeThatARouteRejectsIsTakenOnceTheRouteFits() throws IOException {
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello"));
    write("templated.camel.yaml", templated("world"));
    files.start();
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hi").replace("whom", "who"));
    await().until(() -> problems().size() == 1);

    write("templated.camel.yaml", templated("world").replace("name: whom", "name: who"));

    await().untilAsserted(() -> assertThat(ask("world")).isEqualTo("hi world"));
    await().untilAsserted(() -> assertThat(problems()).isEmpty());
  }

  @Test
  void aRenamedFileThatIsBrokenLeavesTheUsersAsTheyAre() throws IOException {
    write("shared/greeting.camel.yaml", TEMPLATE.formatted("hello"));
    write("templated.camel.yaml", templated("world"));
    files.start();

    write(
        "shared/welcome.camel.yaml",
        TEMPLATE.formatted("bye").replace("direct:{{whom}}", "nowhere:{{whom}}"));
    Files.delete(directory.resolve("shared/greeting.camel.yaml"));

    await().untilAsserted(() -> assertThat(problems()).hasSize(2));
    assertThat(problems().get(1))
        .startsWith("shared/welcome.camel.yaml: with it templated.camel.yaml could not run");
    assertThat(ask("world")).isEqualTo("hello world");
  }

  private void awaitOffers(String name, Map<String, List<String>> expected) {
    await()
        .untilAsserted(
            () ->
                assertThat(files.files())
                    .filteredOn(file -> file.name().equals(name))
                    .extracting(RouteFile::offers)
                    .containsExactly(expected));
  }

  @Test
  void anUnknownNameIsAProblemOfTheRouteThatUsesIt() throws IOException {
    write("configured.camel.yaml", failing("configured", "routeConfigurationId: gentle"));
    files.start();

    assertThat(problems())
        .containsExactly(
            "configured.camel.yaml: line 1: the route names the routeConfigurationId 'gentle',"
                + " which is neither in this file nor in routes/shared");

    write("shared/errors.camel.yaml", CONFIGURATION.formatted("handled"));
    await().untilAsserted(() -> assertThat(ask("configured")).isEqualTo("handled"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- onException: {}|line 1: onException: is not shared.",
        "- routeConfiguration: { onException: [] }|line 1: the routeConfiguration has no id",
        "- beans: [ { type: java.lang.Object } ]|line 1: the bean has no name",
        "routeTemplate: { id: a }|line 1: a route file is a list",
        "''|it is empty"
      })
  void aSharedFileOffersWhatCanBeNamedAndNothingElse(String text, String sentence)
      throws IOException {
    write("shared/odd.camel.yaml", text == null ? "" : text);
    files.start();

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("shared/odd.camel.yaml: " + sentence);
  }

  @Test
  void oneNameInTwoFilesIsRefused() throws IOException {
    write("shared/a.camel.yaml", BEANS.formatted("a"));
    write("shared/b.camel.yaml", BEANS.formatted("b"));
    files.start();

    assertThat(problems()).singleElement().asString().contains("is defined in shared/a.camel.yaml");
  }

  @Test
  void filesInAnotherLanguageAreListedAsPassedOver() throws IOException {
    write("shared/Beans.java", "class Beans {}");
    write("shared/words.yaml", "- beans: []");
    files.start();

    assertThat(files.passedOver()).containsOnlyKeys("shared/Beans.java", "shared/words.yaml");
  }

  private List<String> problems() {
    return files.files().stream()
        .filter(file -> file.problem() != null)
        .map(file -> file.name() + ": " + file.problem())
        .toList();
  }

  private Map<String, List<String>> offers(String name) {
    return files.files().stream()
        .filter(file -> file.name().equals(name))
        .map(RouteFile::offers)
        .findFirst()
        .orElseThrow();
  }

  private CamelContext contextOf(String id) {
    return files.route(id).getCamelContext();
  }

  private @Nullable String ask(String name) {
    var exchange =
        context
            .createProducerTemplate()
            .request("direct:" + name, each -> each.getMessage().setBody("asked"));
    return exchange.getException() == null ? exchange.getMessage().getBody(String.class) : null;
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  private static String templated(String whom) {
    return """
        - templatedRoute:
            routeId: to-%s
            routeTemplateRef: greeting
            parameters:
              - name: whom
                value: %s
        """
        .formatted(whom, whom);
  }

  private static String failing(String id, String option) {
    return """
        - route:
            id: %s
            %s
            from:
              uri: direct:%s
              steps:
                - throwException: { exceptionType: java.lang.IllegalStateException, message: no }
        """
        .formatted(id, option, id);
  }

  private static String route(String id, String step) {
    return """
        - route:
            id: %s
            from:
              uri: direct:%s
              steps:
                %s
        """
        .formatted(id, id, step);
  }
}
