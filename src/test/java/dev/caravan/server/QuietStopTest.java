package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop is nothing to warn of, however many connect meanwhile. */
class QuietStopTest {
  @TempDir Path directory;

  @Test
  void aStopWhileManyConnectLeavesNoWarningOfTheNetworksLibrary() throws Exception {
    try (CapturedLog log = new CapturedLog("io.netty")) {
      for (int round = 0; round < 3; round++) {
        Site site = new Site(directory).start();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 8; client++) {
          clients.add(connectingUntil(over, site.server().port()));
        }
        site.close();
        over.set(true);
        for (Thread client : clients) {
          client.join();
        }
      }
      assertThat(log.lines()).isEmpty();
    }
  }

  private static Thread connectingUntil(AtomicBoolean over, int port) {
    Thread thread =
        new Thread(
            () -> {
              while (!over.get()) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                  socket.getOutputStream().write('P');
                } catch (IOException e) {
                  Thread.onSpinWait(); // nobody listens any more
                }
              }
            });
    thread.start();
    return thread;
  }
}
