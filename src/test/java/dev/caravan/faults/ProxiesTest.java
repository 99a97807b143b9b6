package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.faults.SteadyClients.Sent;
import dev.caravan.testing.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proxies' configurations of {@code packaging/proxies}, run by the proxies themselves, but for
 * TLS, ports and places of files: nothing is lost while Caravan is replaced behind them.
 */
@EnabledOnOs(OS.LINUX)
class ProxiesTest {
  private static final Path CONFIGURATIONS = Path.of("packaging", "proxies").toAbsolutePath();
  private static final Path NGINX = Path.of("/usr/sbin/nginx");
  private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
  private static final int EACH_SECOND = 50;

  /** Before and after a restart. */
  private static final int MORE = 40;

  /** About as large as GitHub's largest. */
  private static final int LARGE = 24 << 20;

  private static final String ROUTE =
      "- route: { id: ci, from: { uri: 'github-webhook:*', steps: [ { stop: {} } ] } }";

  @TempDir Path directory;
  private Site site;
  private int port;

  @BeforeEach
  void prepare() {
    port = Ports.free();
    site = new Site(directory).managementPort(Ports.free()).route("ci", ROUTE);
  }

  @Test
  void nothingIsLostBehindNginxWhenOneProgramTakesOverFromAnother() throws Exception {
    assumeTrue(Files.isExecutable(NGINX), "nginx is not here");
    Path socket = directory.resolve("hook.sock");
    String server =
        replaced(
            Files.readString(CONFIGURATIONS.resolve("nginx.conf")),
            "/run/caravan/hook.sock max_fails",
            socket + " max_fails",
            "listen 443 ssl;",
            "listen 127.0.0.1:%d;".formatted(port),
            "  ssl_certificate /etc/nginx/tls/hooks.example.com.pem;",
            "",
            "  ssl_certificate_key /etc/nginx/tls/hooks.example.com.key;",
            "");
    Files.writeString(directory.resolve("caravan.conf"), server);
    Path main =
        Files.writeString(
            directory.resolve("nginx.conf"),
            """
            daemon off; user root; pid nginx.pid; error_log nginx.log;
            events { }
            http {
              access_log off;
              client_body_temp_path bodies; proxy_temp_path proxied; fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi; scgi_temp_path scgi;
              include caravan.conf;
            }
            """);
    site.set("camel.server.host", "unix:" + socket);
    site.set("caravan.allow", "127.0.0.1"); // nginx's client, not what comes from the socket

    List<Sent> sent;
    CaravanProcess running = site.startReady();
    try (Running nginx =
        run(NGINX, "-p", directory + "/", "-c", main.toString(), "-e", "nginx.log")) {
      awaitListening();
      try (SteadyClients clients = new SteadyClients(hook(), EACH_SECOND)) {
        clients.awaitMore(MORE);
        CaravanProcess next = site.startReady("--take-over");
        assertThat(running.awaitExit()).isZero();
        running = next;
        clients.awaitMore(MORE);
        clients.end();
        sent = clients.sent();
      }
      assertLargeBodiesPass(nginx);
      assertThat(running.stop()).isZero();
    } finally {
      running.close();
    }
    SteadyClients.assertAllAccepted(sent);
  }

  @Test
  void nothingIsLostBehindHaproxyWhenCaravanIsStoppedAndStarted() throws Exception {
    assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not here");
    int backend = Ports.free();
    Path configuration =
        Files.writeString(
            directory.resolve("haproxy.cfg"),
            replaced(
                Files.readString(CONFIGURATIONS.resolve("haproxy.cfg")),
                "bind :443 ssl crt /etc/haproxy/hooks.example.com.pem alpn h2,http/1.1",
                "bind 127.0.0.1:" + port,
                "server one 127.0.0.1:8000",
                "server one 127.0.0.1:" + backend));
    site.set("camel.server.host", "127.0.0.1");
    site.port(backend);
    site.set("caravan.trusted-proxies", "127.0.0.1/32");

    List<Sent> sent;
    CaravanProcess running = site.startReady();
    try (Running haproxy = run(HAPROXY, "-db", "-f", configuration.toString())) {
      awaitListening();
      try (SteadyClients clients = new SteadyClients(hook(), EACH_SECOND)) {
        clients.awaitMore(MORE);
        assertThat(running.stop()).isZero();
        running = site.startReady();
        clients.awaitMore(MORE);
        clients.end();
        sent = clients.sent();
      }
      assertLargeBodiesPass(haproxy);
      assertThat(running.stop()).isZero();
    } finally {
      running.close();
    }
    SteadyClients.assertAllAccepted(sent);
  }

  private void assertLargeBodiesPass(Running proxy) throws Exception {
    SignedPush large = SignedPush.of(1000, 1, "x".repeat(LARGE));
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    assertThat(http.send(large.to(hook()), BodyHandlers.ofString()).statusCode())
        .as(proxy.output())
        .isEqualTo(202);
    HttpRequest elsewhere =
        HttpRequest.newBuilder(hook().resolve("/")).POST(BodyPublishers.noBody()).build();
    assertThat(http.send(elsewhere, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
  }

  private URI hook() {
    return URI.create("http://127.0.0.1:" + port + "/hooks/handle_github");
  }

  private void awaitListening() {
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              new Socket(InetAddress.getLoopbackAddress(), port).close();
              return true;
            });
  }

  /** A text with some of it replaced, all of which must be there. */
  private static String replaced(String text, String... pairs) {
    String result = text;
    for (int index = 0; index < pairs.length; index += 2) {
      assertThat(result).contains(pairs[index]);
      result = result.replace(pairs[index], pairs[index + 1]);
    }
    return result;
  }

  private Running run(Path program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path output = directory.resolve(program.getFileName() + ".txt");
    return new Running(
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** A proxy that runs. */
  private record Running(Process process, Path file) implements AutoCloseable {
    String output() throws IOException {
      return Files.readString(file, UTF_8);
    }

    @Override
    public void close() {
      process.destroy();
      try {
        process.onExit().get(5, TimeUnit.SECONDS);
      } catch (Exception e) {
        process.destroyForcibly();
      }
    }
  }
}
