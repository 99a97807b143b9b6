package dev.caravan.routes.examples;

import static dev.caravan.routes.examples.RunningExample.json;
import static dev.caravan.routes.examples.RunningExample.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.caravan.delivery.Delivery;
import dev.caravan.routes.examples.HttpPeer.Request;
import dev.caravan.webhook.CapturedLog;
import dev.caravan.webhook.Deliveries;
import jakarta.mail.Address;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file of routes/examples, loaded as it is and run against a real peer. */
class ExamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path data;

  @Test
  void deployPostsPushesToMainAndNoOthers() throws Exception {
    Delivery branch = json("push", push -> push.put("ref", "refs/heads/topic"));
    Delivery main = json("push", push -> push.put("ref", "refs/heads/main"));
    try (HttpPeer deployer = new HttpPeer();
        RunningExample example =
            example("examples/deploy.camel.yaml", Map.of("deployer.url", deployer.url()))) {
      example.deliver(json("issues", issues -> {}), branch, main);

      Request request = deployer.next();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      assertThat(JSON.readTree(request.body())).isEqualTo(JSON.readTree(main.body()));
      assertThat(request.header("X-GitHub-Delivery")).isEqualTo(main.guid());
      request.carriesNoHeaderBut("x-github-event", "x-github-delivery");
      example.completes(main);
      deployer.gotNoMore();
    }
  }

  @Test
  void deployTriesAgainWhenTheDeployerFails() throws Exception {
    Delivery main = json("push", push -> push.put("ref", "refs/heads/main"));
    try (HttpPeer deployer = new HttpPeer();
        RunningExample example =
            example("examples/deploy.camel.yaml", Map.of("deployer.url", deployer.url()))) {
      deployer.answer(503);
      example.deliver(main);
      deployer.next();
      example.attempts(main, 1);

      deployer.answer(200);
      assertThat(example.failsThenTriesAgain(main)).contains("503");

      assertThat(deployer.next().header("X-GitHub-Delivery")).isEqualTo(main.guid());
      assertThat(example.attempts(main, 2).get(1).error()).isNull();
    }
  }

  @Test
  void announcePostsATextForOpenedPullRequestsOnly() throws Exception {
    Delivery closed = json("pull_request", event -> event.put("action", "closed"));
    Delivery opened =
        json(
            "pull_request",
            event -> {
              event.put("action", "opened");
              object(event, "sender").put("login", "mona");
              object(event, "pull_request")
                  .put("title", "Fix \"quotes\", commas & <!channel> 🚀 \\")
                  .put("html_url", "https://github.com/acme/web/pull/7");
            });
    try (HttpPeer slack = new HttpPeer();
        RunningExample example =
            example("examples/announce.camel.yaml", Map.of("slack.url", slack.url()))) {
      example.deliver(closed, opened);

      Request request = slack.next();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      assertThat(JSON.readTree(request.body()))
          .isEqualTo(
              JSON.createObjectNode()
                  .put(
                      "text",
                      "mona opened “Fix \"quotes\", commas & ‹!channel> 🚀 \\”:"
                          + " https://github.com/acme/web/pull/7"));
      request.carriesNoHeaderBut();
      example.completes(opened);
      slack.gotNoMore();
    }
  }

  @Test
  void publishReleasesWritesPublishedReleasesToKafka(@TempDir Path kafka) throws Exception {
    Delivery created = json("release", event -> event.put("action", "created"));
    Delivery published =
        json(
            "release",
            event -> {
              event.put("action", "published");
              object(event, "repository").put("full_name", "acme/web");
            });
    try (KafkaBroker broker = new KafkaBroker(kafka);
        RunningExample example =
            example(
                "examples/publish-releases.camel.yaml", Map.of("kafka.brokers", broker.address()));
        KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.address(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
      example.deliver(created, published);
      example.completes(published);

      consumer.assign(List.of(new TopicPartition("github-releases", 0)));
      List<ConsumerRecord<String, String>> records =
          consumer.poll(Duration.ofSeconds(20)).records(new TopicPartition("github-releases", 0));
      assertThat(records).hasSize(1);
      assertThat(records.get(0).key()).isEqualTo("acme/web");
      assertThat(JSON.readTree(records.get(0).value())).isEqualTo(JSON.readTree(published.body()));
      assertThat(records.get(0).headers().lastHeader("X-GitHub-Delivery").value())
          .isEqualTo(RunningExample.utf8(published.guid()));
    }
  }

  @Test
  void mailFailuresMailsFailedRunsOnly() throws Exception {
    Delivery passed = run("success");
    Delivery failed = run("failure");
    GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try (RunningExample example =
        example(
            "examples/mail-failures.camel.yaml",
            Map.of(
                "smtp.port",
                Integer.toString(server.getSmtp().getPort()),
                "mail.to",
                "team@acme.example"))) {
      example.deliver(passed, failed);
      example.completes(failed);

      MimeMessage[] mails = server.getReceivedMessages();
      assertThat(mails).hasSize(1);
      assertThat(mails[0].getSubject()).isEqualTo("Build failed in acme/web");
      assertThat(mails[0].getAllRecipients())
          .extracting(Address::toString)
          .containsExactly("team@acme.example");
      assertThat(mails[0].getFrom())
          .extracting(Address::toString)
          .containsExactly("caravan@localhost");
      assertThat(mails[0].getContent().toString().strip().lines())
          .containsExactly(
              "Run 42 of “Build” failed on größe:", "https://github.com/acme/web/actions/runs/9");
      assertThat(mails[0].getHeader("X-GitHub-Event")).isNull();
    } finally {
      server.stop();
    }
  }

  @Test
  void collectBugsKeepsTheNewestStateOfIssuesLabelledBug(@TempDir Path bugs) throws Exception {
    Delivery question = issue(7, "open", "question");
    Delivery bug = issue(8, "open", "help wanted", "bug");
    Delivery closed = issue(8, "closed", "bug");
    try (RunningExample example =
        example("examples/collect-bugs.camel.yaml", Map.of("bugs.directory", bugs.toString()))) {
      example.deliver(question, bug);
      example.completes(bug);
      assertThat(state(bugs.resolve("acme/web/8.json"))).isEqualTo("open");

      example.deliver(closed);
      example.completes(closed);

      assertThat(state(bugs.resolve("acme/web/8.json"))).isEqualTo("closed");
      try (Stream<Path> files = Files.walk(bugs)) {
        assertThat(files.filter(Files::isRegularFile))
            .containsExactly(bugs.resolve("acme/web/8.json"));
      }
    }
  }

  @Test
  void reportForcePushesIsCompiledAndReportsForcedPushesOnly() throws Exception {
    Delivery usual = json("push", push -> push.put("forced", false));
    Delivery forced =
        json(
            "push",
            push -> {
              push.put("forced", true).put("ref", "refs/heads/main").put("compare", "https://c");
              object(push, "repository").put("full_name", "acme/web").put("default_branch", "main");
              object(push, "pusher").put("name", "mona");
            });
    try (HttpPeer watcher = new HttpPeer();
        RunningExample example =
            example("examples/ReportForcePushes.java", Map.of("watch.url", watcher.url()))) {
      example.deliver(usual, forced);

      Request request = watcher.next();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.text())
          .isEqualTo("mona rewrote main of acme/web, the default branch: https://c");
      assertThat(request.header("Content-Type")).isEqualTo("text/plain; charset=UTF-8");
      request.carriesNoHeaderBut();
      example.completes(forced);
      watcher.gotNoMore();
    }
  }

  @Test
  void aForcedPushWithoutAPusherAndAnOpeningWithoutASenderAreStillAnnounced() throws Exception {
    Delivery forced = json("push", push -> push.put("forced", true).putNull("pusher"));
    Delivery opened = json("pull_request", event -> event.put("action", "opened").remove("sender"));
    try (HttpPeer peer = new HttpPeer()) {
      try (RunningExample example =
          example("examples/ReportForcePushes.java", Map.of("watch.url", peer.url()))) {
        example.deliver(forced);
        assertThat(peer.next().text()).startsWith("(unknown) rewrote ");
        example.completes(forced);
      }
      try (RunningExample example =
          example("examples/announce.camel.yaml", Map.of("slack.url", peer.url()))) {
        example.deliver(opened);
        assertThat(peer.next().text()).contains("Somebody opened “");
        example.completes(opened);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/x-www-form-urlencoded"})
  void forwardPassesTheBytesOnAndTheirSignatureStillFits(String contentType) throws Exception {
    String payload =
        sample("push", push -> push.put("compare", "0.0 + é 🚀 % & = ?").put("size", 1.10));
    Delivery delivery =
        contentType.equals("application/json")
            ? Deliveries.json("push", payload)
            : Deliveries.form("push", payload);
    try (HttpPeer receiver = new HttpPeer();
        RunningExample example =
            example("examples/forward.camel.yaml", Map.of("forward.url", receiver.url()))) {
      example.deliver(delivery);

      Request request = receiver.next();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.body()).isEqualTo(delivery.body());
      assertThat(request.header("X-Hub-Signature-256"))
          .isEqualTo(Deliveries.signature256(request.body()));
      assertThat(request.header("Content-Type")).isEqualTo(contentType);
      assertThat(request.header("X-GitHub-Event")).isEqualTo("push");
      request.carriesNoHeaderBut(
          "x-github-event",
          "x-github-delivery",
          "x-github-hook-id",
          "x-github-hook-installation-target-id",
          "x-github-hook-installation-target-type",
          "x-hub-signature",
          "x-hub-signature-256");
    }
  }

  @Test
  void logEventsPrintsTheEventAndItsPayloadIndented() throws Exception {
    Delivery ping = Deliveries.json("ping", "{\"zen\":\"Speak like a human.\",\"hook_id\":1}");
    Delivery push = json("push", event -> {});
    try (CapturedLog captured = new CapturedLog("log-events");
        RunningExample example = example("log-events.camel.yaml", Map.of())) {
      example.deliver(push, ping);
      example.completes(push);
      example.completes(ping);

      assertThat(captured.lines())
          .contains(
              "INFO Received the push event",
              "INFO Received the ping event",
              "INFO {\n  \"zen\" : \"Speak like a human.\",\n  \"hook_id\" : 1\n}");
    }
  }

  @Test
  void logEventsSaysHowToSeeAPayloadThatIsTooLargeToPrint() throws Exception {
    Delivery push = Deliveries.json("push", "{\"ref\":\"" + "x".repeat(1 << 20) + "\"}");
    try (CapturedLog captured = new CapturedLog("log-events");
        RunningExample example = example("log-events.camel.yaml", Map.of())) {
      example.deliver(push);
      example.completes(push);

      assertThat(captured.lines())
          .containsExactly(
              "INFO Received the push event",
              "INFO Its payload has 1048586 bytes. See it with: caravan deliveries show "
                  + push.guid());
    }
  }

  @Test
  void everyExampleHasATest() throws Exception {
    String tests = "";
    for (String test :
        List.of(
            "routes/examples/ExamplesTest.java",
            "routes/examples/GalleryTest.java",
            "routes/examples/NoticeExamplesTest.java",
            "cli/GitHubInTheServerTest.java")) {
      tests += Files.readString(Path.of("src/test/java/dev/caravan", test));
    }
    assertThat(tests).contains(namesOfExamples());
  }

  private static List<String> namesOfExamples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes/examples"))) {
      return files
          .map(file -> "examples/" + file.getFileName())
          .filter(name -> !name.endsWith(".json"))
          .toList();
    }
  }

  private RunningExample example(String file, Map<String, String> properties) throws Exception {
    return new RunningExample(file, data, properties);
  }

  private static Delivery run(String conclusion) {
    return json(
        "workflow_run",
        event -> {
          event.put("action", "completed");
          object(event, "repository").put("full_name", "acme/web");
          object(event, "workflow_run")
              .put("conclusion", conclusion)
              .put("name", "Build")
              .put("run_number", 42)
              .put("head_branch", "größe")
              .put("html_url", "https://github.com/acme/web/actions/runs/9");
        });
  }

  private static Delivery issue(int number, String state, String... labels) {
    return json(
        "issues",
        event -> {
          object(event, "repository").put("full_name", "acme/web");
          ObjectNode issue = object(event, "issue").put("number", number).put("state", state);
          issue
              .putArray("labels")
              .addAll(
                  Arrays.stream(labels)
                      .map(label -> (JsonNode) JSON.createObjectNode().put("name", label))
                      .toList());
        });
  }

  private static String state(Path file) throws Exception {
    return JSON.readTree(Files.readAllBytes(file)).path("issue").path("state").asText();
  }

  private static ObjectNode object(ObjectNode parent, String name) {
    return (ObjectNode) parent.get(name);
  }
}
