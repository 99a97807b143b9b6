package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.InvalidPayloadException;
import dev.caravan.delivery.PayloadScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A payload under the header of an event that it is not of. */
class EventMarksTest {
  /** Events that the schema describes, but whose header the table does not name: all pass. */
  private static final Set<String> UNKNOWN = Set.of("enterprise", "user");

  /** Events whose payloads look the same to the last field. */
  private static final List<Set<String>> ALIKE =
      List.of(
          Set.of("custom_property", "organization_custom_property"),
          Set.of(
              "bypass_request_secret_scanning",
              "dismissal_request_code_scanning",
              "dismissal_request_secret_scanning",
              "exemption_request_push_ruleset"));

  private static final Path SAMPLES = Path.of("src/main/resources/dev/caravan/samples");

  private static final String SENTENCE = "The payload is not one of the event in X-GitHub-Event: ";

  private static HookServer server;

  @BeforeAll
  static void start() {
    server = new HookServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push | {'action':'opened','number':1,'pull_request':{}} | it has no ref",
        "push | {'ref':'x','ref_type':'branch'} | it is one of the event delete",
        "push | {'sender':{},'repository':{'full_name':'a/b'},'new':{}} | it has no ref",
        "pull_request | {'ref':'refs/heads/main','commits':[]} | it has no pull_request",
        "issues | {'action':'created','comment':{}} | it has no issue",
        "issues | {'action':'edited','issue':{},'comment':{}} | it is one of the event issue_comment",
        "commit_comment | {'comment':{},'issue':{},'comment':null} | it has no comment",
        "dependabot_alert | {'alert':{'dependency':{}},'alert':{}} | it has no alert.dependency",
        "watch | {'action':'created','repository':{},'starred_at':'x'} | it is one of the event star",
        "watch | {'action':'renamed','repository':{},'sender':{}} | it is one of the event repository",
        "repository | {'action':'started','repository':{},'sender':{}} | it is one of the event watch",
        "public | {'action':'publicized','repository':{},'sender':{}} | it has the field action",
        "watch | {'repository':{},'sender':{}} | it is one of the event public",
        "ping | {'issue':{}} | it has no zen",
      })
  void thatContradictsTheHeaderIsRefused(String event, String payload, String why) {
    var answer = Post.json(payload.replace('\'', '"')).with("X-GitHub-Event", event).to(server);

    assertThat(answer.body()).isEqualTo(SENTENCE + why);
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push | {'ref':'main','commits':[],'something':'new'}",
        "push | {'ref':'main','pull_request':null}",
        "push | {'ref':'main','pull_request':{}}",
        "brand_new | {'pull_request':{},'sender':{}}",
        "issues | {'action':'brand_new','issue':{},'sender':{}}",
        "repository | {'action':'brand_new','repository':{},'sender':{}}",
        "star | {'action':'deleted','starred_at':null,'sender':{}}",
        "deployment | {'deployment':{},'workflow':null,'workflow_run':null}",
        "deployment | {'action':'created','deployment':{},'workflow':{},'workflow_run':{}}",
      })
  void thatMayBeNewPasses(String event, String payload) {
    assertThat(status(event, payload)).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push | {}",
        "push | {'a':1}",
        "issues | {'action':'opened','repository':{'full_name':'acme/rocket'}}",
      })
  void ofSomebodyWhoTriesOutHowToSendPasses(String event, String payload) {
    assertThat(status(event, payload)).isEqualTo(202);
  }

  @Test
  void everyPayloadOfGitHubsSchemaPassesAsItsOwnEventAndHardlyAnyOther() {
    Set<String> events = new TreeSet<>();
    WebhookShapes.all().forEach(shape -> events.add(shape.event()));
    Map<String, Set<String>> mistaken = new TreeMap<>();
    for (WebhookShapes.Shape shape : WebhookShapes.all()) {
      assertThat(objection(shape.bytes(), shape.event())).as(shape.toString()).isNull();
      for (String event : events) {
        if (!event.equals(shape.event()) && objection(shape.bytes(), event) == null) {
          mistaken.computeIfAbsent(shape.event(), any -> new TreeSet<>()).add(event);
        }
      }
    }

    mistaken.keySet().removeAll(UNKNOWN);
    mistaken.values().forEach(as -> as.removeAll(UNKNOWN));
    mistaken.forEach(
        (event, as) -> ALIKE.stream().filter(set -> set.contains(event)).forEach(as::removeAll));
    mistaken.values().removeIf(Set::isEmpty);
    assertThat(mistaken).isEqualTo(Map.of());
  }

  @Test
  void everySampleIsOfItsOwnEventAndOfNoOther() throws IOException {
    for (String sample : samples()) {
      byte[] payload = Files.readAllBytes(SAMPLES.resolve(sample + ".json"));
      for (String event : samples()) {
        assertThat(objection(payload, event) == null)
            .as("%s as %s", sample, event)
            .isEqualTo(event.equals(sample));
      }
    }
  }

  private static @Nullable String objection(byte[] payload, String event) {
    try {
      PayloadScan.read(payload, event);
      return null;
    } catch (InvalidPayloadException e) {
      assertThat(e.getMessage()).startsWith(SENTENCE);
      return e.getMessage();
    }
  }

  private static int status(String event, String payload) {
    return Post.json(payload.replace('\'', '"'))
        .with("X-GitHub-Event", event)
        .to(server)
        .statusCode();
  }

  private static List<String> samples() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.replace(".json", ""))
          .sorted()
          .toList();
    }
  }
}
