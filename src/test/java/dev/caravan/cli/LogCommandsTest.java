package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.server.CaravanServer;
import dev.caravan.testing.ProgramSettings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code deliveries}, {@code replay} and {@code subscriptions}, against a real server and without.
 */
class LogCommandsTest {
  private static final String ROUTES =
      """
      - route:
          id: ci
          from:
            uri: github-webhook:push
            steps:
              - setProperty: { name: done, constant: "true" }
      - route:
          id: failing
          from:
            uri: github-webhook:push,star
            parameters: { maxAttempts: 1 }
            steps:
              - throwException:
                  exceptionType: java.lang.IllegalStateException
                  message: "no such branch"
      """;

  @TempDir Path directory;
  private CaravanServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("routes"));
    Files.writeString(directory.resolve("routes/test.camel.yaml"), ROUTES);
    startServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aListShowsWhatCameAndWhatBecameOfIt() {
    send("push", "first");
    send("star", "second");

    await()
        .untilAsserted(
            () -> {
              Invocation list = caravan("deliveries");
              assertThat(list.exitCode()).isZero();
              assertThat(list.err()).isEmpty();
              List<String> lines = list.out().lines().toList();
              assertThat(lines).hasSize(3);
              assertThat(lines.get(0)).startsWith("RECEIVED").endsWith("OUTCOME");
              assertThat(lines.get(1))
                  .matches(
                      "\\S+Z  second  star.created +acme/rocket +failing dead-letter \\(1 attempt\\)");
              assertThat(lines.get(2))
                  .matches(
                      "\\S+Z  first   push +acme/rocket +ci completed, failing dead-letter \\(1 attempt\\)");
            });
  }

  @Test
  void deliveriesListIsTheSameAsDeliveries() {
    send("push", "first");

    assertThat(caravan("deliveries", "list", "--event", "push").out()).contains("first");
    assertThat(caravan("deliveries", "list", "--event", "ping").out())
        .isEqualToIgnoringNewLines("No deliveries.");
  }

  @Test
  void aListGoesOnWhereTheLastOneEnded() {
    List<String> sent = new ArrayList<>();
    for (int index = 0; index < 7; index++) {
      send("ping", "d" + index);
      sent.add(0, "d" + index);
    }

    List<String> seen = new ArrayList<>();
    JsonObject page = json("deliveries", "--most", "3", "--json");
    while (page.getString("next") != null) {
      seen.addAll(guids(page));
      page = json("deliveries", "--most", "3", "--json", "--before", page.getString("next"));
    }
    seen.addAll(guids(page));

    assertThat(seen).isEqualTo(sent);
    assertThat(caravan("deliveries", "--most", "3").out()).contains("Older ones: add --before ");
    assertThat(caravan("deliveries", "--count").out()).isEqualToIgnoringNewLines("7");
  }

  @Test
  void showSaysEverythingAndIndentsThePayload() {
    send("star", "one");
    await().until(() -> caravan("deliveries", "--outcome", "dead-letter").out().contains("one"));

    Invocation show = caravan("deliveries", "show", "one");

    assertThat(show.exitCode()).isZero();
    assertThat(show.out())
        .contains("Event       star.created")
        .contains("  X-GitHub-Event: star")
        .containsPattern("failing +attempt 1 +\\d+ ms +IllegalStateException: no such branch")
        .contains("run it again with: caravan replay one --to failing")
        .contains("\n  \"action\" : \"created\"");
  }

  @Test
  void showReportsAnUnknownGuid() {
    Invocation show = caravan("deliveries", "show", "none");

    assertThat(show.exitCode()).isEqualTo(1);
    assertThat(show.err()).isEqualToIgnoringNewLines("There is no delivery none in the log.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "stopped"})
  void rawIsTheBodyByteForByte(String state) throws IOException {
    byte[] odd =
        "{\"text\" :\t\"\\u001b[31m é \u202e\",\n\n\"a\":1.00,\"a\":2}\r\n".getBytes(UTF_8);
    Files.write(directory.resolve("odd.json"), odd);
    caravan("send", "push", "--delivery", "one", "--file", "odd.json", "--port", port());
    caravan("send", "push", "--delivery", "two", "--file", "odd.json", "--form", "--port", port());
    if (state.equals("stopped")) {
      server.close();
    }

    Invocation raw = caravan("deliveries", "show", "one", "--raw");
    assertThat(raw.bytes()).isEqualTo(odd);
    assertThat(raw.out()).isEmpty();
    assertThat(caravan("deliveries", "show", "two", "--raw").bytes())
        .asString(UTF_8)
        .startsWith("payload=%7B");
    assertThat(caravan("deliveries", "show", "one").out())
        .contains("\"a\" : 1.00")
        .contains("\\u202e")
        .doesNotContain("\u202e")
        .doesNotContain("\u001b");
  }

  @Test
  void aRepeatWithAnotherPayloadIsShownBesideTheFirst() throws IOException {
    send("push", "one");
    Files.writeString(directory.resolve("other.json"), "{\"other\":1}");
    caravan("send", "push", "--delivery", "one", "--file", "other.json", "--port", port());

    Invocation show = caravan("deliveries", "show", "one");

    assertThat(show.out()).contains("this one is not run").contains("\"other\" : 1");
    assertThat(caravan("deliveries", "show", "one", "--raw").bytes())
        .isEqualTo(SampleEvents.payload("push"));
  }

  @Test
  void eachOfTheDeliveriesOfOneGuidIsShownAndReplayedByItsName() throws Exception {
    send("push", "one");
    sendFromAnotherHook("push", "one", 77);
    await().until(() -> attempts("one/77", "ci") == 1);

    assertThat(caravan("deliveries").out()).contains("one/77 ").contains("one/480000001 ");
    assertThat(caravan("deliveries", "show", "one/77").out())
        .contains("one/77")
        .contains("Hook  ")
        .doesNotContain("480000001");
    Invocation replay = caravan("replay", "one", "--to", "ci");
    assertThat(replay.exitCode()).isEqualTo(1);
    assertThat(replay.err()).contains("Name one: one/480000001, one/77.");
    assertThat(caravan("replay", "one/77", "--to", "ci").out()).contains("1 delivery found.");
    await().until(() -> attempts("one/77", "ci") == 2);
    assertThat(attempts("one/480000001", "ci")).isOne();
    assertThat(caravan("deliveries", "show", "one/77", "--raw").bytes())
        .isEqualTo(fromAnotherHook("push"));
  }

  @Test
  void aRepeatThatDiffersIsReplayedByItsPosition() throws IOException {
    send("push", "one");
    Files.writeString(directory.resolve("other.json"), "{\"ref\":\"other\",\"commits\":[]}");
    caravan("send", "push", "--delivery", "one", "--file", "other.json", "--port", port());
    String position =
        json("deliveries", "show", "one", "--json")
            .getJsonArray("deliveries")
            .getJsonObject(0)
            .getString("position");

    caravan("replay", "one", "--position", position, "--to", "ci");

    await().until(() -> attempts("one", "ci") == 1); // the newest comes first
  }

  @Test
  void whatIsNotThereIsAFailureInJsonToo() {
    send("push", "one");

    for (String[] asked :
        new String[][] {
          {"deliveries", "show", "one", "--position", "77"},
          {"deliveries", "show", "one", "--position", "77", "--json"},
          {"replay", "two", "--json"}
        }) {
      Invocation done = caravan(asked);
      assertThat(done.exitCode()).as(done.out()).isEqualTo(1);
      assertThat(done.err()).matches("(?s).*(not at position '77'|no delivery two).*");
    }
  }

  @Test
  void aDeadLetterIsReplayedToTheSubscriptionThatGaveUp() {
    send("push", "one");
    await().until(() -> deadLetters() == 1);

    Invocation replay = caravan("replay", "one", "--to", "failing");

    assertThat(replay.exitCode()).isZero();
    assertThat(replay.err()).isEmpty();
    assertThat(replay.out())
        .contains("1 delivery found.")
        .contains("Scheduled:   failing 1")
        .contains("The last is due at ");
    await().until(() -> attempts("one", "failing") == 2);
    assertThat(attempts("one", "ci")).isEqualTo(1);
  }

  @Test
  void aDryRunSaysWhatTheReplayThenDoes() {
    for (int index = 0; index < 5; index++) {
      send("push", "d" + index);
    }
    send("ping", "other");
    await().until(() -> deadLetters() == 5);
    String[] filter = {"replay", "--outcome", "dead-letter", "--from", "1h", "--rate", "1000"};

    JsonObject dry = json(with(filter, "--dry-run", "--json"));
    assertThat(attempts("d0", "failing")).isEqualTo(1);
    JsonObject real = json(with(filter, "--json"));

    assertThat(dry.getJsonObject("scheduled"))
        .isEqualTo(new JsonObject().put("ci", 0).put("failing", 5));
    assertThat(real.getJsonObject("scheduled")).isEqualTo(dry.getJsonObject("scheduled"));
    assertThat(real.getLong("matched")).isEqualTo(dry.getLong("matched")).isEqualTo(5);
    await().until(() -> attempts("d4", "failing") == 2);
    assertThat(attempts("d0", "ci")).isEqualTo(1);
  }

  @Test
  void aReplayIsListedAndWhatOfItHasNotRunIsTakenBack() {
    for (int index = 0; index < 3; index++) {
      send("push", "d" + index);
    }
    await().until(() -> deadLetters() == 3);
    caravan("subscriptions", "pause", "failing");
    caravan("replay", "--outcome", "dead-letter", "--to", "failing");
    assertThat(deadLetters()).isZero();

    assertThat(caravan("replay", "list").out())
        .contains("done")
        .contains("failing 3")
        .contains("outcome dead-letter");
    assertThat(caravan("replay", "cancel", "1").out())
        .contains("Replay 1 had scheduled all it could (done).");

    await().until(() -> deadLetters() == 3);
    assertThat(
            json("replay", "list", "--json")
                .getJsonArray("replays")
                .getJsonObject(0)
                .getLong("takenBack"))
        .isEqualTo(3);
    assertThat(caravan("replay", "cancel", "9").err()).contains("There is no replay '9'");
    assertThat(caravan("subscriptions", "retry", "failing").out())
        .contains("Nothing of failing waits for a retry.");
  }

  @Test
  void aReplayThatSelectsNothingIsRefused() {
    Invocation replay = caravan("replay", "--dry-run");

    assertThat(replay.exitCode()).isEqualTo(2);
    assertThat(replay.err()).startsWith("Which deliveries?");
  }

  @Test
  void whatTheServerRejectsIsAnErrorOfUsage() {
    Invocation list = caravan("deliveries", "--from", "yesterday");
    assertThat(list.exitCode()).isEqualTo(2);
    assertThat(list.err()).startsWith("from is 'yesterday', which is not a time.");

    Invocation replay = caravan("replay", "--event", "*", "--to", "nobody");
    assertThat(replay.exitCode()).isEqualTo(1);
    assertThat(replay.err())
        .isEqualToIgnoringNewLines(
            "There is no subscription 'nobody'. Known subscriptions: ci, failing.");
  }

  @Test
  void aSubscriptionIsPausedListedAndResumed() {
    assertThat(caravan("subscriptions", "pause", "ci").out())
        .isEqualToIgnoringNewLines("ci is paused.");
    send("push", "one");
    assertThat(caravan("subscriptions").out())
        .containsPattern("ci +running, paused +push +1 +\\S+Z +0 +- +0 +-");
    assertThat(attempts("one", "ci")).isZero();

    assertThat(caravan("subscriptions", "resume", "ci").out())
        .isEqualToIgnoringNewLines("ci is resumed.");

    await().until(() -> attempts("one", "ci") == 1);
    await()
        .untilAsserted(
            () ->
                assertThat(caravan("subscriptions").out())
                    .containsPattern(
                        "failing +running +push,star +0 +- +0 +- +1 +\\S+Z IllegalStateException: no such branch"));
  }

  @Test
  void withoutAServerTheLogIsReadDirectly() {
    send("push", "one");
    await().until(() -> deadLetters() == 1);
    server.close();

    Invocation list = caravan("deliveries");
    assertThat(list.exitCode()).isZero();
    assertThat(list.err()).startsWith("No server runs on ");
    assertThat(list.out()).contains("one", "failing dead-letter");
    assertThat(caravan("subscriptions").out()).containsPattern("failing +idle +- +- +- +0 +- +1");
    assertThat(caravan("deliveries", "--follow").exitCode()).isEqualTo(1);
  }

  @Test
  void aReplayWithoutAServerRunsWhenItIsStarted() {
    send("push", "one");
    await().until(() -> attempts("one", "ci") == 1);
    server.close();

    Invocation unnamed = caravan("replay", "one");
    assertThat(unnamed.exitCode()).isEqualTo(2);
    assertThat(unnamed.err()).contains("Name one: ci, failing.");
    Invocation replay = caravan("replay", "one", "--to", "ci");
    assertThat(replay.exitCode()).isZero();
    assertThat(replay.out())
        .contains("Scheduled:   ci 1")
        .contains("as soon as a server with the route is running");

    startServer();
    await().until(() -> attempts("one", "ci") == 2);
  }

  @Test
  void aServerThatCannotBeAskedIsReportedAsRunning() {
    Invocation list =
        Invocation.of(
            Map.of(),
            directory,
            "deliveries",
            "--management-port",
            "1",
            "--data",
            directory.resolve("data").toString());

    assertThat(list.exitCode()).isEqualTo(1);
    assertThat(list.err())
        .contains("A server is using ", ", but cannot be reached. Nothing listens at ");
  }

  @Test
  void aWrongTokenIsReportedAsThat() {
    Invocation list =
        Invocation.of(
            Map.of("CARAVAN_MANAGEMENT_TOKEN", "wrong"),
            directory,
            "deliveries",
            "--management-port",
            String.valueOf(URI.create(server.managementUrl()).getPort()),
            "--data",
            directory.resolve("data").toString());

    assertThat(list.exitCode()).isEqualTo(1);
    assertThat(list.err())
        .contains("does not accept the token from caravan.management.token")
        .doesNotContain("wrong");
  }

  @Test
  void withoutALogTheErrorSaysHowToGetOne() {
    server.close();
    Path nowhere = directory.resolve("nowhere");

    Invocation list =
        Invocation.of(
            Map.of(),
            directory,
            "deliveries",
            "--management-port",
            "1",
            "--data",
            nowhere.toString());

    assertThat(list.exitCode()).isEqualTo(1);
    assertThat(list.err()).contains("there is no delivery log in " + nowhere, "./caravan run");
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void followShowsNewDeliveriesAsTheyCome() throws InterruptedException {
    send("ping", "before");
    StringWriter out = new StringWriter();
    Thread follower =
        new Thread(
            () ->
                CaravanCommand.commandLine(
                        Map.of(),
                        directory,
                        java.io.OutputStream.nullOutputStream(),
                        Invocation.NOBODY)
                    .setOut(new PrintWriter(out, true))
                    .execute(arguments("deliveries", "--follow", "--event", "ping,push")));
    follower.start();

    int[] sent = {0};
    await()
        .until(
            () -> {
              send("ping", "new" + sent[0]++);
              return out.toString().lines().count() >= 3;
            });
    follower.interrupt();
    follower.join(20_000);

    assertThat(follower.isAlive()).isFalse();
    assertThat(out.toString()).doesNotContain("before").contains("  ping  ");
    List<String> shown = out.toString().lines().map(line -> line.split(" {2}", -1)[1]).toList();
    assertThat(shown).doesNotHaveDuplicates();
    int first = Integer.parseInt(shown.get(0).substring(3));
    for (int index = 0; index < shown.size(); index++) {
      assertThat(shown.get(index)).isEqualTo("new" + (first + index));
    }
  }

  private void startServer() {
    Settings settings = new SettingSources(Map.of()).read(null, ProgramSettings.in(directory));
    server = CaravanServer.start(() -> settings);
  }

  private void send(String event, String guid) {
    Invocation sent = caravan("send", event, "--delivery", guid, "--port", port());
    assertThat(sent.exitCode()).as(sent.err()).isZero();
  }

  private static byte[] fromAnotherHook(String event) {
    return new String(SampleEvents.payload(event), UTF_8)
        .replaceFirst("\\{", "{\"installation\":{\"id\":77},")
        .getBytes(UTF_8);
  }

  private void sendFromAnotherHook(String event, String guid, int hook) throws Exception {
    SigningSecret secret =
        SigningSecret.forPayload(
            event,
            fromAnotherHook(event),
            new SettingSources(Map.of()).read(null, Map.of()),
            Map.of(),
            directory.resolve("data"),
            null);
    HttpRequest request =
        WebhookRequest.json(URI.create(server.url()), event, fromAnotherHook(event), secret)
            .as(guid);
    HttpRequest other =
        HttpRequest.newBuilder(request, (name, value) -> !name.equals("X-GitHub-Hook-ID"))
            .header("X-GitHub-Hook-ID", String.valueOf(hook))
            .build();
    assertThat(HttpClient.newHttpClient().send(other, BodyHandlers.ofString()).statusCode())
        .isEqualTo(202);
  }

  private String port() {
    return server.url().replaceAll("^.*:(\\d+)/.*$", "$1");
  }

  private Invocation caravan(String... args) {
    return Invocation.of(Map.of(), directory, arguments(args));
  }

  private String[] arguments(String... args) {
    return with(
        args,
        "--management-port",
        String.valueOf(URI.create(server.managementUrl()).getPort()),
        "--data",
        directory.resolve("data").toString());
  }

  private JsonObject json(String... args) {
    Invocation done = caravan(args);
    assertThat(done.exitCode()).as(done.err()).isZero();
    return new JsonObject(done.out());
  }

  private long deadLetters() {
    return json("deliveries", "--outcome", "dead-letter", "--json")
        .getJsonArray("deliveries")
        .size();
  }

  private long attempts(String guid, String subscription) {
    return json("deliveries", "show", guid, "--json")
        .getJsonArray("deliveries")
        .getJsonObject(0)
        .getJsonArray("attempts")
        .stream()
        .filter(attempt -> ((JsonObject) attempt).getString("subscription").equals(subscription))
        .count();
  }

  private static List<String> guids(JsonObject page) {
    return page.getJsonArray("deliveries").stream()
        .map(delivery -> ((JsonObject) delivery).getString("guid"))
        .toList();
  }

  private static String[] with(String[] args, String... more) {
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return all;
  }
}
