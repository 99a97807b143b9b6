package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.config.SettingSources;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.server.CaravanServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever listens on the management port while the server is down must not learn the token. */
class ImpostorTest {
  private static final String TOKEN = "the-token-of-this-data-directory";

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private HttpServer impostor;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/management-token"), TOKEN);
    impostor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    impostor.start();
  }

  @AfterEach
  void stop() {
    impostor.stop(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deliveries",
        "deliveries show 1",
        "subscriptions",
        "subscriptions pause x",
        "routes",
        "secrets",
        "refused",
        "refused --verify",
        "replay --event push",
      })
  void noCommandTellsTheTokenToAnotherListener(String command) {
    impostor.createContext(
        "/", exchange -> answer(exchange, "{\"program\":\"caravan\",\"proofs\":[\"\",\"0\"]}"));

    Invocation invocation = caravan(command);

    assertThat(invocation.exitCode()).as(invocation.err()).isNotZero();
    assertThat(invocation.err()).contains("does not accept the token from");
    assertThat(heard).isNotEmpty().noneMatch(request -> request.contains(TOKEN));
  }

  @Test
  void theListenerIsNamedThoughTheLogCanBeReadWithoutAServer() throws IOException {
    impostor.createContext("/", exchange -> answer(exchange, "{}"));
    SqliteDeliveryLog.open(directory.resolve("data"), TestLog.OPTIONS).close();

    Invocation invocation = caravan("deliveries");

    assertThat(invocation.exitCode()).as(invocation.err()).isZero();
    assertThat(invocation.err())
        .contains("Does another program listen there?")
        .contains("reading its log directly");
  }

  @Test
  void aListenerThatPassesTheServersProofOnDoesNotLearnTheTokenEither() throws Exception {
    Path file = directory.resolve("server.properties");
    Files.writeString(
        file,
        "camel.server.port = 0\ncamel.management.port = 0\ncaravan.data = %1$s/data\ncaravan.routes = %1$s/routes\n"
            .formatted(directory));
    try (CaravanServer server =
        CaravanServer.start(() -> new SettingSources(Map.of()).read(file, Map.of()))) {
      impostor.createContext(
          "/",
          exchange ->
              answer(
                  exchange,
                  ask(
                      "http://localhost:"
                          + URI.create(server.managementUrl()).getPort()
                          + exchange.getRequestURI())));

      Invocation invocation = caravan("deliveries");

      assertThat(invocation.exitCode()).as(invocation.err()).isNotZero();
      assertThat(heard).isNotEmpty().noneMatch(request -> request.contains(TOKEN));
      assertThat(deliveriesOf(URI.create(server.managementUrl()).getPort()).exitCode()).isZero();
    }
  }

  private Invocation caravan(String command) {
    return run(command, impostor.getAddress().getPort());
  }

  private Invocation deliveriesOf(int port) {
    return run("deliveries", port);
  }

  private Invocation run(String command, int port) {
    return Invocation.of(
        Map.of(),
        directory,
        Stream.concat(
                Stream.of(command.split(" ")),
                Stream.of(
                    "--management-port",
                    String.valueOf(port),
                    "--data",
                    directory.resolve("data").toString()))
            .toArray(String[]::new));
  }

  private String ask(String url) {
    try {
      return client
          .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange exchange, String answer) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    heard.add(exchange.getRequestURI() + " " + Map.copyOf(exchange.getRequestHeaders()) + body);
    byte[] bytes = answer.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
