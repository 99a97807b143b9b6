package dev.caravan.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of Camel's own a user adds to the program, in its routes. */
class AddedToRoutesTest {
  @TempDir Path directory;

  @Test
  void aKameletOfTheCatalogueRunsInARoute() {
    try (Site site = new Site(directory)) {
      site.route(
          "catalogued.camel.yaml",
          Site.route("catalogued", "push", "to: kamelet:log-action?showBody=true")
              + """
                      - setBody: { constant: '{"ref": "main"}' }
                      - to: kamelet:insert-field-action?field=by&value=catalogue
                      - to: "file:%s?fileName=changed.json"
              """
                  .formatted(directory));
      site.start();
      assertThat(site.server().routeFiles())
          .allSatisfy(file -> assertThat(file.problem()).isNull());

      assertThat(site.post("push", "guid-1", "{}")).isEqualTo(202);

      await()
          .untilAsserted(
              () ->
                  assertThat(directory.resolve("changed.json"))
                      .content()
                      .isEqualToIgnoringWhitespace("{\"ref\":\"main\",\"by\":\"catalogue\"}"));
    }
  }

  @Test
  void aRouteReadsAVaultByCamelsPlaceholder() throws IOException {
    HttpServer vault =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    vault.createContext("/", AddedToRoutesTest::answer);
    vault.start();
    try (Site site = new Site(directory)) {
      site.set("camel.vault.aws.accessKey", "any")
          .set("camel.vault.aws.secretKey", "any")
          .set("camel.vault.aws.region", "eu-central-1")
          .set("camel.vault.aws.overrideEndpoint", "true")
          .set(
              "camel.vault.aws.uriEndpointOverride",
              "http://localhost:" + vault.getAddress().getPort())
          .route(
              "secretive.camel.yaml",
              Site.route("secretive", "push", "setBody: { constant: \"{{aws:deploy#token}}\" }")
                  + "        - to: \"file:%s?fileName=token.txt\"\n".formatted(directory))
          .start();
      assertThat(site.post("push", "guid-1", "{}")).isEqualTo(202);

      await().untilAsserted(() -> assertThat(directory.resolve("token.txt")).hasContent("sesame"));
    } finally {
      vault.stop(0);
    }
  }

  /** As AWS Secrets Manager does it by its published API: GetSecretValue. */
  private static void answer(HttpExchange exchange) throws IOException {
    JsonObject asked = new JsonObject(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    boolean isKnown =
        "secretsmanager.GetSecretValue"
                .equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
            && "deploy".equals(asked.getString("SecretId"));
    byte[] answer =
        (isKnown
                ? new JsonObject()
                    .put("Name", "deploy")
                    .put("SecretString", "{\"token\":\"sesame\"}")
                : new JsonObject().put("__type", "ResourceNotFoundException"))
            .encode()
            .getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(isKnown ? 200 : 400, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }
}
