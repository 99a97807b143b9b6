package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real answers of the API, held to its own description. */
class ApiAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path directory;
  private Site site;
  private String token;

  /** Taken by a program that waits, which ends the one that is asked: NeverClosedTest does that. */
  private static final String MAKE_WAY = "/api/take-over";

  private JsonNode description;

  /**
   * A request to be made.
   *
   * @param operation as the description has it
   * @param body null for none
   */
  private record Call(String operation, String path, String body) {
    String method() {
      return operation.substring(0, operation.indexOf(' '));
    }
  }

  @BeforeEach
  void start() throws Exception {
    site =
        new Site(directory)
            .route("all.camel.yaml", Site.route("all", "*", "log: \"done\""))
            .route("broken.camel.yaml", "- route: { nothing")
            .route(
                "fails.camel.yaml",
                Site.route(
                    "fails",
                    "issues",
                    "throwException: { exceptionType: java.lang.IllegalStateException, message: no }"))
            .start();
    token = Files.readString(site.data().resolve("management-token")).strip();
    site.post("issues", "d-1", "{\"action\":\"opened\",\"issue\":{\"number\":7}}");
    site.post("push", "d-2", "{}", "another secret");
    await().until(() -> site.json("/api/dead-letters").encode().contains("fails"));
    description = JSON.readTree(ask(get("/api/openapi.json", "/api/openapi.json")).body());
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private static List<Call> calls() {
    String all = "{\"subscription\":\"all\"}";
    return List.of(
        get("/api", "/api"),
        get("/api/openapi.json", "/api/openapi.json"),
        get("/api/proof", "/api/proof?nonce=" + "0".repeat(64)),
        get("/api/proof", "/api/proof"),
        get("/api/deliveries", "/api/deliveries"),
        get("/api/deliveries", "/api/deliveries?most=1&event=issues&about=7&outcome=failed"),
        get("/api/deliveries", "/api/deliveries?colour=red"),
        get("/api/delivery-count", "/api/delivery-count"),
        post("/api/known-deliveries", "/api/known-deliveries", "{\"guids\":[\"d-1\",\"d-9\"]}"),
        post("/api/known-deliveries", "/api/known-deliveries", "{}"),
        get("/api/deliveries/{guid}", "/api/deliveries/d-1"),
        get("/api/deliveries/{guid}", "/api/deliveries/d-9"),
        post("/api/log/backup", "/api/log/backup", "{\"rate\":1073741824}"),
        get("/api/deliveries/{guid}/body", "/api/deliveries/d-1/body"),
        get("/api/deliveries/{guid}/payload", "/api/deliveries/d-1/payload"),
        get("/api/dead-letters", "/api/dead-letters"),
        get("/api/subscriptions", "/api/subscriptions"),
        post("/api/subscriptions/pause", "/api/subscriptions/pause", all),
        post("/api/subscriptions/resume", "/api/subscriptions/resume", all),
        post("/api/subscriptions/pause", "/api/subscriptions/pause", "{\"subscription\":\"x\"}"),
        post("/api/subscriptions/retry", "/api/subscriptions/retry", all),
        post(
            "/api/replays",
            "/api/replays",
            "{\"query\":{\"event\":\"issues\"},\"subscription\":\"all\"}"),
        post("/api/replays", "/api/replays", "{\"query\":{\"event\":\"*\"},\"dryRun\":true}"),
        get("/api/replays", "/api/replays"),
        get("/api/replays/{id}", "/api/replays/1"),
        get("/api/replays/{id}", "/api/replays/99"),
        post("/api/replays/{id}/cancel", "/api/replays/2/cancel", ""),
        get("/api/routes", "/api/routes"),
        get("/api/nodes", "/api/nodes"),
        post(MAKE_WAY, MAKE_WAY + "?address=localhost:1", ""),
        get("/api/secrets", "/api/secrets"),
        get("/api/refused", "/api/refused"),
        post("/api/refused/verify", "/api/refused/verify", ""),
        post("/api/console-links", "/api/console-links", ""));
  }

  private static Call get(String template, String path) {
    return new Call("GET " + template, path, null);
  }

  private static Call post(String template, String path, String body) {
    return new Call("POST " + template, path, body);
  }

  @Test
  void everyAnswerIsAsTheDescriptionSays() throws IOException {
    Set<String> answered = new TreeSet<>();
    for (Call call : calls()) {
      HttpResponse<String> answer = ask(call);
      JsonNode operation = operation(call);
      JsonNode responses = operation.get("responses");
      JsonNode described = responses.get(String.valueOf(answer.statusCode()));
      if (described == null) {
        assertThat(answer.statusCode()).as(call.path()).isBetween(400, 503);
        described = description.at("/components/responses/Error");
      } else {
        answered.add(call.operation());
      }
      JsonNode content = described.get("content").properties().iterator().next().getValue();
      String type = described.get("content").fieldNames().next();
      assertThat(answer.headers().firstValue("Content-Type")).as(call.path()).contains(type);
      if (content.has("schema")) {
        assertThat(faults(content.get("schema"), answer.body())).as(call.path()).isEmpty();
      }
    }
    answered.add("POST " + MAKE_WAY);
    assertThat(answered).as("operations with an answer to judge").isEqualTo(operations());
  }

  private Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    description
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return operations;
  }

  private JsonNode operation(Call call) {
    String template = call.operation().substring(call.operation().indexOf(' ') + 1);
    return description.get("paths").get(template).get(call.method().toLowerCase(Locale.ROOT));
  }

  private Set<ValidationMessage> faults(JsonNode schema, String answer) throws IOException {
    ObjectNode root = ((ObjectNode) schema.deepCopy());
    root.set("components", description.get("components"));
    return SCHEMAS.getSchema(root).validate(JSON.readTree(answer));
  }

  private HttpResponse<String> ask(Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(site.server().managementUrl() + call.path()))
            .header("Authorization", "Bearer " + token);
    if (call.body() != null) {
      request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(call.body()));
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
