package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.testing.Ports;
import dev.caravan.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The balancer's configuration of {@code packaging/cluster}, run by HAProxy itself, but for
 * addresses: nobody is refused when a node behind it is killed or stopped.
 */
@Tag("long")
class BalancerTest {
  private static final Path CONFIGURATION = Path.of("packaging", "cluster", "haproxy.cfg");
  private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
  private static final int EACH_SECOND = 100;

  /** Before and after something happens. */
  private static final int MORE = 300;

  @TempDir Path directory;

  private Cluster.Node node(Cluster cluster, String name, PostgresServer server, int port) {
    Cluster.Node node = cluster.node(name, server.url());
    node.site()
        .port(port)
        .set("camel.server.host", "127.0.0.1")
        .set("caravan.health.host", "127.0.0.1")
        .set("caravan.trusted-proxies", "127.0.0.1/32");
    return node;
  }

  @Test
  void nobodyIsRefusedWhenANodeIsKilledAndWhenAnotherIsStopped() throws Exception {
    assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not here");
    PostgresServer server = PostgresServer.shared();
    List<Integer> ports = List.of(Ports.free(), Ports.free(), Ports.free());
    List<Integer> healthPorts = List.of(Ports.free(), Ports.free(), Ports.free());
    int port = Ports.free();
    String configuration =
        Files.readString(CONFIGURATION)
            .replace("bind :8000", "bind 127.0.0.1:" + port)
            .replace("check port 8002", "check");
    for (int index = 0; index < 3; index++) {
      configuration =
          configuration.replace(
              "caravan-%d:8000".formatted(index + 1),
              "127.0.0.1:%d port %d".formatted(ports.get(index), healthPorts.get(index)));
    }
    Path file = Files.writeString(directory.resolve("haproxy.cfg"), configuration);
    Process haproxy =
        new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("haproxy.txt").toFile())
            .start();
    try (NodeRuns runs = new NodeRuns();
        Cluster cluster = new Cluster(directory, server, runs)) {
      Cluster.Node one = node(cluster, "one", server, ports.get(0));
      Cluster.Node two = node(cluster, "two", server, ports.get(1));
      Cluster.Node three = node(cluster, "three", server, ports.get(2));
      one.site().set("caravan.health.port", healthPorts.get(0).toString());
      two.site().set("caravan.health.port", healthPorts.get(1).toString());
      three.site().set("caravan.health.port", healthPorts.get(2).toString());
      List<Cluster.Node> nodes = List.of(one, two, three);
      nodes.forEach(Cluster.Node::start);
      nodes.forEach(Cluster.Node::awaitReady);
      awaitListening(port);
      URI hook = URI.create("http://127.0.0.1:" + port + "/hooks/handle_github");
      try (SteadyClients clients = new SteadyClients(hook, EACH_SECOND)) {
        clients.awaitMore(MORE);
        one.kill();
        clients.awaitMore(MORE);
        one.start().awaitReady();
        clients.awaitMore(MORE);
        assertThat(two.process().stop()).isZero();
        clients.awaitMore(MORE);
        clients.end();

        List<SteadyClients.Sent> sent = clients.sent();
        Report report = new Report("balancer");
        report.line(
            "%,d sent through HAProxy, a node killed, another stopped: %,d answered 202, longest %d ms",
            sent.size(),
            sent.stream().filter(each -> each.status() == 202).count(),
            sent.stream().mapToLong(each -> each.took().toMillis()).max().orElse(0));
        SteadyClients.assertAllAccepted(sent);
        ClusterOutcome.of(
                sent.stream().map(SteadyClients.Sent::guid).toList(), cluster, server, runs)
            .assertNothingIsLostAndLanesKeptTheirOrder();
      }
    } finally {
      haproxy.destroy();
    }
  }

  private static void awaitListening(int port) {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              new Socket(InetAddress.getLoopbackAddress(), port).close();
              return true;
            });
  }
}
