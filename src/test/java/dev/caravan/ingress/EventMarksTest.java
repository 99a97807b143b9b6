package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A payload under the header of an event that it is not of. */
class EventMarksTest {
  private static final Path SAMPLES = Path.of("src/main/resources/dev/caravan/samples");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push | {'action':'opened','number':1,'pull_request':{}}",
        "push | {'ref':'x','ref_type':'branch'}",
        "pull_request | {'ref':'refs/heads/main','commits':[],'pusher':{}}",
        "issues | {'action':'created','comment':{}}",
        "commit_comment | {'comment':{},'pull_request':{}, 'comment':null}",
        "issue_comment | {'comment':{},'pull_request':{}}",
        "release | {'action':'completed','workflow_run':{}}",
        "watch | {'action':'started','pull_request':{}}",
        "ping | {'issue':{}}",
      })
  void thatContradictsTheHeaderIsRefused(String event, String payload) {
    try (HookServer server = new HookServer()) {
      var answer = Post.json(payload.replace('\'', '"')).with("X-GitHub-Event", event).to(server);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("The payload is not one of the event in X-GitHub-Event");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push | {}",
        "push | {'commits':[],'pusher':{},'pull_request':{}}",
        "push | {'something':'new'}",
        "push | {'pull_request':null}",
        "brand_new | {'pull_request':{}}",
        "issues | {'issue':{},'comment':{}}",
        "watch | {'team':{},'label':{}}",
        "ping | {'zen':'x','hook':{}}",
        "deployment | {'deployment':{},'workflow':null,'workflow_run':null}",
      })
  void thatMayBeNewPasses(String event, String payload) {
    try (HookServer server = new HookServer()) {
      assertThat(
              Post.json(payload.replace('\'', '"'))
                  .with("X-GitHub-Event", event)
                  .to(server)
                  .statusCode())
          .isEqualTo(202);
    }
  }

  @Test
  void everySampleIsOfItsOwnEvent() throws IOException {
    for (String event : samples()) {
      PayloadScan.read(Files.readAllBytes(SAMPLES.resolve(event + ".json")), event);
    }
  }

  @Test
  void onlyThoseWithoutAMarkPassAsAPush() throws IOException {
    List<String> passing = new ArrayList<>();
    for (String event : samples()) {
      try {
        PayloadScan.read(Files.readAllBytes(SAMPLES.resolve(event + ".json")), "push");
        passing.add(event);
      } catch (Rejected e) {
        assertThat(e.answer().status()).isEqualTo(400);
      }
    }

    assertThat(passing).containsExactly("push", "star", "watch");
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
