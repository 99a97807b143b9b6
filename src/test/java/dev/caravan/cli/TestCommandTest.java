package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.server.CaravanServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code caravan test}, without a server unless the test says so, and without a secret. */
class TestCommandTest {
  private static final String DEPLOY =
      """
      - route:
          id: deploy
          from:
            uri: github-webhook:push
            parameters: { branch: main }
            steps:
              - to: http://deployer.invalid/run
      """;
  private static final String TEST =
      """
      - test: a push to main is deployed
        event: push
        change: { ref: refs/heads/main, head_commit.message: "said by the test" }
        expect:
          taken-by: deploy
          sent:
            - to: http://deployer.invalid/*
              method: POST
              body-contains: [ refs/heads/main, said by the test ]
              headers: { X-GitHub-Event: push, X-Nothing: }
      - test: a push to a topic is not
        event: push
        change: { ref: refs/heads/topic }
        expect: { taken-by: [], sent: [] }
      - test: a deployer that refuses it makes it a dead letter
        event: push
        change: { ref: refs/heads/main }
        answers: [ { to: "http://deployer.invalid/**", status: 400 } ]
        expect: { fails: "statusCode: 400" }
      """;

  @TempDir Path directory;

  @Test
  void whatASampleWouldHaveSentIsShownAndNothingIsWritten() throws IOException {
    write("routes/deploy.camel.yaml", DEPLOY);

    Invocation test = caravan("test", "--event", "push,issues");

    assertThat(test.err()).isEmpty();
    assertThat(test.exitCode()).isZero();
    assertThat(test.out())
        .contains("push in ")
        .contains("deploy  taken")
        .contains("sends to POST http://deployer.invalid/run")
        .contains("Content-Type: application/json")
        .contains("X-GitHub-Event: push")
        .contains("deploy  not wanted: it wants push");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void testsBesideTheRoutesAreRunAndHeldAgainstWhatIsExpected() throws IOException {
    write("routes/deploy.camel.yaml", DEPLOY);
    write("routes/tests/deploy.yaml", TEST);

    Invocation passed = caravan("test");
    assertThat(passed.out() + passed.err())
        .contains("ok      deploy.yaml: a push to main is deployed")
        .endsWith("3 tests, all as expected.\n");
    assertThat(passed.exitCode()).isZero();
    assertThat(caravan("check").out()).doesNotContain("it is not read");

    write(
        "routes/deploy.camel.yaml",
        DEPLOY.replace("branch: main", "branch: \"*\"").replace("/run", "/jump"));
    write(
        "routes/tests/deploy.yaml",
        TEST.replace("invalid/*\n", "invalid/run\n").replace("400\"", "404\""));
    Invocation failed = caravan("test", "--json");
    assertThat(failed.exitCode()).isEqualTo(1);
    List<String> differences = new ArrayList<>();
    new JsonObject(failed.out())
        .getJsonArray("tests")
        .forEach(
            each ->
                ((JsonObject) each)
                    .getJsonArray("differences")
                    .forEach(difference -> differences.add(String.valueOf(difference))));
    assertThat(differences)
        .containsExactly(
            "nothing is sent to POST http://deployer.invalid/run",
            "deploy also sends to POST http://deployer.invalid/jump",
            "deploy takes it",
            "deploy also sends to POST http://deployer.invalid/jump",
            "'statusCode: 404' is not in the error: to (deploy.camel.yaml:7): HttpOperationFailedException: HTTP operation failed invoking http://deployer.invalid/jump with statusCode: 400");
  }

  @Test
  void theTestsInTheDocumentationPass() throws IOException {
    String page = Files.readString(Path.of("docs/testing-routes.md"));
    int begin = page.indexOf("```yaml") + "```yaml".length();
    write("routes/tests/deploy.yaml", page.substring(begin, page.indexOf("```", begin)));
    write(
        "routes/deploy.camel.yaml", Files.readString(Path.of("routes/examples/deploy.camel.yaml")));

    assertThat(caravan("test").out()).endsWith("2 tests, all as expected.\n");

    write(
        "routes/announce.camel.yaml",
        Files.readString(Path.of("routes/examples/announce.camel.yaml")));
    String shown =
        page.lines()
            .dropWhile(line -> !line.startsWith("    push in "))
            .takeWhile(line -> !line.isEmpty())
            .map(line -> Pattern.quote(line.strip().replaceAll("test_.*|…", "")) + ".*\\s+")
            .collect(Collectors.joining());
    assertThat(caravan("test", "--event", "push").out()).matches(shown);
  }

  @Test
  void aRouteFileFromElsewhereIsTriedWithAPayloadThatTheConsoleHasSaved() throws IOException {
    write("routes/deploy.camel.yaml", DEPLOY);
    write("new/deploy.camel.yaml", DEPLOY.replace("/run", "/new"));
    write("7.json", new String(SampleEvents.payload("push"), UTF_8));

    Invocation test =
        caravan(
            "test", "new/deploy.camel.yaml", "--payload", "7.json", "--event", "push", "--json");

    JsonObject route =
        new JsonObject(test.out())
            .getJsonArray("deliveries")
            .getJsonObject(0)
            .getJsonArray("routes")
            .getJsonObject(0);
    assertThat(route.getString("verdict")).isEqualTo("taken");
    assertThat(route.getJsonArray("sends").getJsonObject(0).getString("to"))
        .isEqualTo("http://deployer.invalid/new");
  }

  @Test
  void aSharedFileFromElsewhereIsTriedWithTheRoutesThatUseIt() throws IOException {
    String kamelet =
        """
        apiVersion: camel.apache.org/v1
        kind: Kamelet
        metadata: { name: announce }
        spec:
          definition: { title: Announce, type: object }
          template:
            from:
              uri: kamelet:source
              steps: [ { to: "http://chat.invalid/old" } ]
        """;
    String beans =
        """
        - beans:
            - { name: words, type: java.text.MessageFormat, constructors: { "0": old } }
        """;
    write("routes/shared/announce.kamelet.yaml", kamelet);
    write("routes/shared/words.camel.yaml", beans);
    write("routes/deploy.camel.yaml", DEPLOY);
    write(
        "routes/tell.camel.yaml",
        DEPLOY
            .replace("id: deploy", "id: tell")
            .replace("branch: main", "branch: \"*\"")
            .replace("- to: http://deployer.invalid/run", "- to: kamelet:announce"));
    write(
        "routes/speak.camel.yaml",
        DEPLOY
            .replace("id: deploy", "id: speak")
            .replace("branch: main", "branch: \"*\"")
            .replace("- to:", "- setBody: { simple: \"${bean:words.toPattern}\" }\n        - to:"));
    write("new/announce.kamelet.yaml", kamelet.replace("/old", "/new"));
    write("new/shared/words.camel.yaml", beans.replace("old", "the new words"));

    Invocation test = caravan("test", "new/announce.kamelet.yaml", "--event", "push");
    assertThat(test.err()).isEmpty();
    assertThat(test.out())
        .contains("sends to POST http://chat.invalid/new")
        .doesNotContain("deploy")
        .doesNotContain("speak");
    assertThat(caravan("test", "new/shared/words.camel.yaml", "--event", "push").out())
        .contains("speak  taken")
        .contains("the new words")
        .doesNotContain("tell");

    write("new/announce.kamelet.yaml", kamelet.replace("to:", "too:"));
    Invocation broken = caravan("test", "new/announce.kamelet.yaml", "--event", "push");
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.err()).startsWith("shared/announce.kamelet.yaml: ").contains("too");

    write("new/nobody.kamelet.yaml", kamelet.replace("name: announce", "name: nobody"));
    Invocation unused = caravan("test", "new/nobody.kamelet.yaml", "--event", "push");
    assertThat(unused.exitCode()).isEqualTo(1);
    assertThat(unused.err())
        .contains("No route that receives deliveries uses what shared/nobody.kamelet.yaml offers.");
  }

  @Test
  void deliveriesOfTheLogAreTriedWithAServerAndWithout() throws IOException {
    write("routes/other.camel.yaml", DEPLOY.replace("http://deployer.invalid/run", "log:x"));
    write("new.camel.yaml", DEPLOY);
    CaravanServer server = server();
    try {
      assertThat(caravan(server, "send", "push", "--delivery", "one").exitCode()).isZero();
      await()
          .untilAsserted(
              () -> assertThat(caravan(server, "deliveries").out()).contains("deploy completed"));
      fromLog(caravan(server, "test", "new.camel.yaml", "--from-log", "--event", "push"));
      assertThat(caravan(server, "deliveries", "show", "one").out()).doesNotContain("replay");
    } finally {
      server.close();
    }
    fromLog(caravan("test", "new.camel.yaml", "--from-log"));
  }

  private static void fromLog(Invocation test) {
    assertThat(test.out())
        .contains(", one")
        .contains("deploy  taken (now: completed)")
        .contains("sends to POST http://deployer.invalid/run");
    assertThat(test.exitCode()).isZero();
  }

  @Test
  void aFileThatCannotBeLoadedKeepsNoOtherFromBeingTried() throws IOException {
    write("routes/deploy.camel.yaml", DEPLOY);
    write(
        "routes/broken.camel.yaml",
        DEPLOY.replace("http:", "nosuch:").replace("id: deploy", "id: broken"));

    Invocation test = caravan("test", "--event", "push");

    assertThat(test.err()).contains("broken.camel.yaml: line 7: No endpoint could be found");
    assertThat(test.out()).contains("deploy  ");
    assertThat(test.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "test --event nosuch | 2 | There is no sample of 'nosuch'. Give its payload with --payload",
        "test --payload x.json | 2 | --payload needs the name of its event: --event push.",
        "test --event push --repository acme/x | 2 | together with --from-log.",
        "test --from-log --samples | 2 | no --payload or --samples.",
        "test --most 1001 --samples | 2 | --most is 1001; write 1 to 1000.",
        "test nowhere.camel.yaml --samples | 2 | There is no file",
        "test broken.camel.yaml --samples | 1 | broken.camel.yaml: line 7: No endpoint could be found for: nosuch",
        "test bad.yaml | 1 | bad.yaml: named: expect has no sends:. It may have fails, sent, taken-by.",
      })
  void whatCannotBeDoneIsSaid(String arguments, int code, String sentence) throws IOException {
    write("routes/deploy.camel.yaml", DEPLOY);
    write(
        "broken.camel.yaml",
        DEPLOY.replace("http:", "nosuch:").replace("id: deploy", "id: broken"));
    write("bad.yaml", "- { test: named, event: push, expect: { sends: [] } }");

    Invocation test = caravan(arguments.split(" "));

    assertThat(test.out() + test.err()).contains(sentence);
    assertThat(test.exitCode()).isEqualTo(code);
  }

  private CaravanServer server() {
    return CaravanServer.start(
        () ->
            new SettingSources(Map.of())
                .read(
                    null,
                    Map.of(
                        "camel.server.port", "0",
                        "camel.management.port", "0",
                        "caravan.secrets.test", "the secret of this test",
                        "caravan.data", directory.resolve("data").toString(),
                        "caravan.routes", directory.resolve("routes").toString())));
  }

  private void write(String file, String content) throws IOException {
    Files.createDirectories(directory.resolve(file).getParent());
    Files.writeString(directory.resolve(file), content);
  }

  private Invocation caravan(CaravanServer server, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--port",
            String.valueOf(server.port()),
            "--management-port",
            String.valueOf(URI.create(server.managementUrl()).getPort())));
    return Invocation.of(
        Map.of("GITHUB_WEBHOOK_SECRET", "the secret of this test"),
        directory,
        all.toArray(String[]::new));
  }

  private Invocation caravan(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--management-port", "1"));
    return Invocation.of(Map.of(), directory, all.toArray(String[]::new));
  }
}
