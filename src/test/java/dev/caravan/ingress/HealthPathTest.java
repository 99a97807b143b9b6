package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.network.Callers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the public port says of health, when it is to say anything. */
class HealthPathTest {
  private static final Map<String, String> HEALTH = Map.of("caravan.health.path", "/health/");

  @Test
  void byDefaultThereIsNoHealthPath() throws Exception {
    try (HookServer server = new HookServer()) {
      assertThat(ask(server, "GET").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void itSaysUpOrDownButNotWhyAndCountsNothing() throws Exception {
    try (HookServer server = new HookServer(HEALTH, ConnectionTimeouts.USUAL)) {
      HttpResponse<String> up = ask(server, "GET");
      assertThat(up.statusCode()).isEqualTo(200);
      assertThat(up.body()).isEqualTo("up");
      assertThat(ask(server, "HEAD").statusCode()).isEqualTo(200);
      assertThat(ask(server, "POST").statusCode()).isEqualTo(404);
      assertThat(server.ingress.accepted()).isZero();

      server.log.fail(() -> new LogUnavailableException("the disk of /secret/place is full"));
      HttpResponse<String> down = ask(server, "GET");
      assertThat(down.statusCode()).isEqualTo(503);
      assertThat(down.body()).isEqualTo("down");
    }
  }

  @Test
  void itAnswersAllowedCallersAndTrustedProxiesOnly(@TempDir Path directory) throws Exception {
    String elsewhere = "192.0.2.0/24";
    try (HookServer server = server(directory, elsewhere, "127.0.0.0/8")) {
      assertThat(ask(server, "GET").statusCode()).isEqualTo(200);
      assertThat(Post.json("{}").to(server).statusCode()).isEqualTo(403);
    }
    try (HookServer server = server(directory, elsewhere, "198.51.100.1")) {
      assertThat(ask(server, "GET").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aPathThatIsTheHooksOrHasNoSlashIsRefused() {
    assertThatThrownBy(
            () -> HookServer.settings(Map.of("caravan.health.path", "/hooks/handle_github")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("caravan.health.path");
    assertThatThrownBy(() -> HookServer.settings(Map.of("caravan.health.path", "health")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("Start it with a /");
  }

  private static HookServer server(Path directory, String allow, String proxies) {
    Settings settings =
        new Settings(
            Map.of(
                "caravan.allow", allow,
                "caravan.trusted-proxies", proxies,
                "caravan.github-meta", "https://api.github.com/meta"));
    return new HookServer(
        HEALTH,
        ConnectionTimeouts.USUAL,
        HookServer.always(HookServer.SECRET),
        Callers.from(settings, directory.resolve("github-networks")));
  }

  private static HttpResponse<String> ask(HookServer server, String method) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/health"))
                .method(method, BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
  }
}
