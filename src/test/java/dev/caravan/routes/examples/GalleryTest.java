package dev.caravan.routes.examples;

import static dev.caravan.routes.examples.RunningExample.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.Delivery;
import dev.caravan.routes.examples.HttpPeer.Request;
import dev.caravan.webhook.Deliveries;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The examples that tell another service, each asked for what that service documents. */
class GalleryTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path data;
  private HttpPeer peer;

  @BeforeEach
  void listen() throws IOException {
    peer = new HttpPeer();
  }

  @AfterEach
  void close() {
    peer.close();
  }

  @Test
  void onlyTheNewestOfABurstIsDeployed() throws Exception {
    try (RunningExample example =
        example(
            "examples/deploy-newest.camel.yaml",
            Map.of("deployer.url", peer.url(), "deploy.window", "300ms"))) {
      for (int number = 0; number < 5; number++) {
        example.deliver(now(push("refs/heads/main", Integer.toString(number))));
      }

      assertThat(JSON.readTree(peer.next().body()).path("after").asText()).isEqualTo("4");
      peer.gotNoMore();
    }
  }

  @Test
  void theDocumentationIsBuiltWhenItChanges() throws Exception {
    Delivery code = changing("src/Main.java");
    Delivery docs = changing("docs/index.html");
    try (RunningExample example =
        example("examples/rebuild-docs.camel.yaml", Map.of("docs.url", peer.url()))) {
      example.deliver(code, docs);

      assertThat(peer.next().header("X-GitHub-Delivery")).isEqualTo(docs.guid());
      example.completes(docs);
      peer.gotNoMore();
    }
  }

  /** https://discord.com/developers/docs/resources/webhook#execute-webhook */
  @Test
  void discordGetsATextThatCallsNobody() throws Exception {
    Delivery release =
        json(
            "release",
            event -> {
              event.put("action", "published");
              object(event, "release").put("tag_name", "v2 @everyone").put("html_url", "https://r");
            });
    Request request = sent("discord", "discord.url", release);

    JsonNode message = JSON.readTree(request.body());
    assertThat(message.path("content").asText())
        .isEqualTo("acme/rocket v2 @everyone is out: https://r");
    assertThat(message.path("allowed_mentions").toString()).isEqualTo("{\"parse\":[]}");
  }

  /**
   * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors (adaptive cards)
   */
  @Test
  void teamsGetsAnAdaptiveCard() throws Exception {
    Delivery failed =
        json(
            "workflow_run",
            event -> {
              event.put("action", "completed");
              object(event, "workflow_run")
                  .put("conclusion", "failure")
                  .put("name", "Build \"it\"")
                  .put("head_branch", "main")
                  .put("html_url", "https://w");
            });
    Request request = sent("teams", "teams.url", failed);

    assertThat(JSON.readTree(request.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"type": "message", "attachments": [{
                  "contentType": "application/vnd.microsoft.card.adaptive",
                  "content": {"type": "AdaptiveCard", "version": "1.4", "body": [
                    {"type": "TextBlock", "wrap": true,
                     "text": "Build \\"it\\" failed on main of acme/rocket: https://w"}]}}]}"""));
  }

  /** https://spec.matrix.org: PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId} */
  @Test
  void matrixGetsANoticeOncePerDelivery() throws Exception {
    Delivery issue =
        json("issues", event -> object(event.put("action", "opened"), "issue").put("title", "Odd"));
    try (RunningExample example =
        example(
            "examples/announce-matrix.camel.yaml",
            Map.of("matrix.server", peer.root(), "matrix.token", "t", "matrix.room", "!a:b"))) {
      example.deliver(issue);

      Request request = peer.next();
      assertThat(request.method()).isEqualTo("PUT");
      assertThat(request.path())
          .isEqualTo("/_matrix/client/v3/rooms/!a:b/send/m.room.message/" + issue.guid());
      assertThat(request.header("Authorization")).isEqualTo("Bearer t");
      JsonNode message = JSON.readTree(request.body());
      assertThat(message.path("msgtype").asText()).isEqualTo("m.notice");
      assertThat(message.path("body").asText()).startsWith("acme/rocket #").contains(": Odd http");
      example.completes(issue);
    }
  }

  /** https://core.telegram.org/bots/api#sendmessage */
  @Test
  void telegramGetsATextForAChat() throws Exception {
    Delivery star = json("star", event -> event.put("action", "created"));
    try (RunningExample example =
        example(
            "examples/announce-telegram.camel.yaml",
            Map.of("telegram.api", peer.root(), "telegram.token", "1:a", "telegram.chat", "-42"))) {
      example.deliver(star);

      Request request = peer.next();
      assertThat(request.path()).isEqualTo("/bot1:a/sendMessage");
      JsonNode message = JSON.readTree(request.body());
      assertThat(message.path("chat_id").asText()).isEqualTo("-42");
      assertThat(message.path("text").asText()).startsWith("⭐ ").endsWith("starred acme/rocket");
      example.completes(star);
    }
  }

  /** https://developer.atlassian.com/cloud/jira/platform/rest/v3 (POST /rest/api/3/issue) */
  @Test
  void jiraGetsAnIssueForTheLabelBug() throws Exception {
    Delivery other = labelled("question");
    Delivery bug = labelled("bug");
    try (RunningExample example =
        example(
            "examples/open-jira-issue.camel.yaml",
            Map.of("jira.url", peer.root(), "jira.login", "bTp0", "jira.project", "ACME"))) {
      example.deliver(other, bug);

      Request request = peer.next();
      assertThat(request.path()).isEqualTo("/rest/api/3/issue");
      assertThat(request.header("Authorization")).isEqualTo("Basic bTp0");
      assertThat(JSON.readTree(request.body()))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"fields": {"project": {"key": "ACME"}, "issuetype": {"name": "Bug"},
                    "summary": "It, \\"breaks\\"", "labels": ["github-7"]}}"""));
      example.completes(bug);
      peer.gotNoMore();
    }
  }

  /** https://developers.linear.app/docs/graphql: a mutation with variables, 200 with errors */
  @Test
  void linearGetsAnIssueAndItsErrorsAreFailures() throws Exception {
    Delivery issue =
        named(
            "72d3162e-cc78-11e3-81ab-4c9367dc0958", // of version 1, as GitHub's are
            json(
                "issues",
                event -> object(event.put("action", "opened"), "issue").put("title", "Odd")));
    Map<String, String> properties =
        Map.of("linear.url", peer.url(), "linear.token", "lin", "linear.team", "T");
    peer.answer("{\"errors\":[{\"message\":\"no\"}]}");
    try (RunningExample example = example("examples/open-linear-issue.camel.yaml", properties)) {
      example.deliver(issue);
      Request request = peer.next();
      example.attempts(issue, 1);
      peer.answer("{\"data\":{\"issueCreate\":{\"success\":true}}}");
      assertThat(example.failsThenTriesAgain(issue)).contains("Linear refused the issue");

      assertThat(request.header("Authorization")).isEqualTo("lin");
      JsonNode body = JSON.readTree(request.body());
      assertThat(body.path("query").asText()).contains("issueCreate(input: $input)");
      assertThat(body.path("variables").path("input").path("id").asText())
          .isEqualTo("72d3162e-cc78-41e3-81ab-4c9367dc0958"); // of version 4, as Linear wants it
      assertThat(body.path("variables").path("input").path("title").asText()).isEqualTo("Odd");
      assertThat(example.attempts(issue, 2).get(1).error()).isNull();
    }
  }

  @Test
  void eachDeliveryIsOneRow() throws Exception {
    SQLiteDataSource database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + data.resolve("events.db"));
    try (Connection connection = database.getConnection()) {
      connection
          .createStatement()
          .execute("create table delivery (guid primary key, event, repository, sender)");
      connection
          .createStatement()
          .execute("insert into delivery values ('seen', 'push', 'acme/rocket', 'ada')");
      Delivery star =
          json(
              "star", event -> object(event, "sender").put("login", "x'); drop table delivery;--"));
      Delivery again = named("seen", star);
      try (RunningExample example =
          new RunningExample(
              "examples/record-in-sql.camel.yaml",
              data.resolve("log"),
              Map.of(),
              Map.of("database", database))) {
        example.deliver(star, again);
        example.completes(star);
        example.completes(again);
      }
      ResultSet rows =
          connection.createStatement().executeQuery("select * from delivery order by event");
      rows.next();
      assertThat(rows.getString("guid")).isEqualTo("seen");
      rows.next();
      assertThat(rows.getString("guid")).isEqualTo(star.guid());
      assertThat(rows.getString("sender")).isEqualTo("x'); drop table delivery;--");
      assertThat(rows.next()).isFalse();
    }
  }

  /** https://docs.github.com/rest/commits/statuses: of a commit, which a tag need not be */
  @Test
  void aCommitGetsAStatusWhenABranchIsPushedAndNotForATag() throws Exception {
    Delivery tag = push("refs/tags/v1", "1".repeat(40));
    Delivery branch = push("refs/heads/topic/one", "2".repeat(40));
    try (RunningExample example =
        new RunningExample(
            "examples/report-status.camel.yaml",
            data,
            Map.of("caravan.github.api", peer.root()),
            Map.of("gitHubAuthorization", new NullsInExamplesTest.Authorization()))) {
      example.deliver(tag, branch);

      assertThat(peer.next().path()).isEqualTo("/repos/acme/rocket/statuses/" + "2".repeat(40));
      example.completes(branch);
      peer.gotNoMore();
    }
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
  @Test
  void everyPayloadIsAnObjectInS3NamedByItsDelivery() throws Exception {
    Delivery star = json("star", event -> event.put("action", "created"));
    Delivery ofNoRepository = json("star", event -> event.remove("repository"));
    try (RunningExample example =
        example(
            "examples/archive-in-s3.camel.yaml",
            Map.of(
                "archive.bucket", "events",
                "archive.region", "eu-central-1",
                "archive.endpoint", peer.root(),
                "archive.key", "AKIA+1",
                "archive.secret", "s%cret+/"))) {
      assertThat(peer.next().method()).isEqualTo("HEAD"); // whether the bucket is there
      example.deliver(star);

      Request request = peer.next();
      assertThat(request.method()).isEqualTo("PUT");
      assertThat(request.path()).isEqualTo("/events/acme/rocket/star/" + star.guid() + ".json");
      assertThat(request.header("Authorization"))
          .startsWith("AWS4-HMAC-SHA256 Credential=AKIA+1/")
          .contains("/eu-central-1/s3/aws4_request");
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      assertThat(request.text()).contains(new String(star.payload(), UTF_8));
      example.completes(star);

      example.deliver(ofNoRepository);
      assertThat(peer.next().path())
          .isEqualTo("/events/no-repository/star/" + ofNoRepository.guid() + ".json");
    }
  }

  @Test
  void aDigestHasALineForEachMergedPullRequest() throws Exception {
    Delivery closed = closed(1, false);
    Delivery first = closed(2, true);
    Delivery second = closed(3, true);
    try (RunningExample example =
        example(
            "examples/digest.camel.yaml",
            Map.of("digest.url", peer.url(), "digest.every", "1000"))) {
      example.deliver(closed, first, second);

      String text = peer.next().text();
      if (text.lines().count() < 2) {
        text += peer.next().text(); // a second passed between the two
      }
      assertThat(text).isEqualTo("acme/rocket #2: Title 2\nacme/rocket #3: Title 3\n");
    }
  }

  @Test
  void twentyReceiversGetTheSameBytesAndOneThatFailsHasAllTriedAgain() throws Exception {
    Delivery push = json("push", event -> {});
    StringBuilder receivers = new StringBuilder(peer.url());
    for (int number = 1; number < 20; number++) {
      receivers.append(',').append(peer.root()).append("/receiver/").append(number);
    }
    peer.answer(500, "/receiver/7");
    try (RunningExample example =
        example("examples/fan-out.camel.yaml", Map.of("receivers", receivers.toString()))) {
      example.deliver(push);
      example.attempts(push, 1);
      peer.answer(200, "/receiver/7");
      assertThat(example.failsThenTriesAgain(push)).contains("500");
      assertThat(example.attempts(push, 2).get(1).error()).isNull();
    }
    Map<String, Integer> times = new TreeMap<>();
    for (int number = 0; number < 40; number++) {
      Request request = peer.next();
      times.merge(request.path(), 1, Integer::sum);
      assertThat(request.body()).isEqualTo(push.body());
      assertThat(request.header("X-Hub-Signature-256"))
          .isEqualTo(Deliveries.signature256(request.body()));
    }
    assertThat(times).hasSize(20).allSatisfy((path, count) -> assertThat(count).isEqualTo(2));
    peer.gotNoMore();
  }

  /** https://github.com/cloudevents/spec: HTTP protocol binding, binary content mode */
  @Test
  void aCloudEventHasItsAttributesInHeaders() throws Exception {
    Delivery push = push("refs/heads/größe: \"1+1%\"", "0");
    try (RunningExample example =
        example("examples/cloudevents-binary.camel.yaml", Map.of("events.url", peer.url()))) {
      example.deliver(push);

      Request request = peer.next();
      assertThat(request.header("ce-specversion")).isEqualTo("1.0");
      assertThat(request.header("ce-id")).isEqualTo(push.guid());
      assertThat(request.header("ce-type")).isEqualTo("com.github.push");
      assertThat(request.header("ce-source")).isEqualTo("https://github.com/acme/rocket");
      assertThat(request.header("ce-subject"))
          .isEqualTo("refs/heads/gr%C3%B6%C3%9Fe:%20%221%2B1%25%22");
      assertThat(Instant.parse(request.header("ce-time"))).isEqualTo(Deliveries.RECEIVED_AT);
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      assertThat(request.body()).isEqualTo(push.body());
      request.carriesNoHeaderBut();
      example.completes(push);
    }
  }

  /** The same, structured content mode and JSON format */
  @Test
  void aCloudEventIsOneObject() throws Exception {
    Delivery push = json("push", event -> {});
    try (RunningExample example =
        example("examples/cloudevents-structured.camel.yaml", Map.of("events.url", peer.url()))) {
      example.deliver(push);

      Request request = peer.next();
      assertThat(request.header("Content-Type"))
          .isEqualTo("application/cloudevents+json; charset=UTF-8");
      JsonNode event = JSON.readTree(request.body());
      assertThat(event.path("specversion").asText()).isEqualTo("1.0");
      assertThat(event.path("id").asText()).isEqualTo(push.guid());
      assertThat(event.path("type").asText()).isEqualTo("com.github.push");
      assertThat(event.path("subject").asText()).isNotEmpty();
      assertThat(event.path("data")).isEqualTo(JSON.readTree(push.body()));
      example.completes(push);
    }
  }

  /** https://www.standardwebhooks.com: v1, HMAC-SHA256 over id.timestamp.payload */
  @Test
  void standardWebhooksAreSignedOverIdTimeAndBody() throws Exception {
    Delivery push = json("push", event -> {});
    try (RunningExample example =
        example(
            "examples/SignStandardWebhooks.java",
            Map.of("standard.url", peer.url(), "standard.secret", "whsec_MfKQ9r8GKYqr"))) {
      example.deliver(push);

      Request request = peer.next();
      assertThat(request.header("webhook-id")).isEqualTo(push.guid());
      String time = request.header("webhook-timestamp");
      assertThat(Instant.ofEpochSecond(Long.parseLong(time)))
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode("MfKQ9r8GKYqr"), "HmacSHA256"));
      mac.update((push.guid() + "." + time + ".").getBytes(UTF_8));
      assertThat(request.header("webhook-signature"))
          .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(request.body())));
      assertThat(request.body()).isEqualTo(push.body());
      example.completes(push);
    }
  }

  /** What examples/announce-NAME.camel.yaml sends for that delivery. */
  private Request sent(String name, String address, Delivery delivery) throws Exception {
    try (RunningExample example =
        example(
            switch (name) {
              case "discord" -> "examples/announce-discord.camel.yaml";
              default -> "examples/announce-teams.camel.yaml";
            },
            Map.of(address, peer.url()))) {
      example.deliver(delivery);
      Request request = peer.next();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      request.carriesNoHeaderBut();
      example.completes(delivery);
      return request;
    }
  }

  private RunningExample example(String file, Map<String, String> properties) throws Exception {
    return new RunningExample(file, data, properties);
  }

  private static Delivery push(String ref, String after) {
    return json("push", event -> event.put("ref", ref).put("after", after).put("deleted", false));
  }

  private static Delivery changing(String file) {
    return json(
        "push",
        event -> {
          event.put("ref", "refs/heads/main").put("created", false).put("forced", false);
          ObjectNode commit = (ObjectNode) event.withArray("commits").get(0);
          commit.putArray("added");
          commit.putArray("removed");
          commit.putArray("modified").add(file);
        });
  }

  private static Delivery labelled(String label) {
    return json(
        "issues",
        event -> {
          event.put("action", "labeled").putObject("label").put("name", label);
          object(event, "issue").put("title", "It, \"breaks\"").put("number", 7);
        });
  }

  private static Delivery closed(int number, boolean merged) {
    return json(
        "pull_request",
        event -> {
          event.put("action", "closed").put("number", number);
          object(event, "pull_request").put("merged", merged).put("title", "Title " + number);
        });
  }

  private static Delivery now(Delivery delivery) {
    return new Delivery(
        delivery.guid(),
        delivery.event(),
        delivery.subject(),
        Instant.now(),
        delivery.headers(),
        delivery.encoding(),
        delivery.body());
  }

  private static Delivery named(String guid, Delivery delivery) {
    return new Delivery(
        guid,
        delivery.event(),
        delivery.subject(),
        delivery.receivedAt(),
        delivery.headers(),
        delivery.encoding(),
        delivery.body());
  }

  private static ObjectNode object(ObjectNode parent, String name) {
    return (ObjectNode) parent.get(name);
  }
}
