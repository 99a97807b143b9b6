package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.server.CannotStartException;
import dev.caravan.server.CaravanServer;
import dev.caravan.takeover.HeldSocket;
import dev.caravan.takeover.PublicAddress;
import dev.caravan.takeover.Successor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ExitCode;

/**
 * The server of this process: makes way for another program on request, and starts again if that
 * one ends before it is ready.
 */
final class ServerOfProcess {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan");

  /** A killed program may still have its files open for a moment. */
  private static final Duration LONGEST_RETURN = Duration.ofSeconds(10);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

  private final Supplier<Settings> settings;
  private final PublicAddress address;
  private final Path data;
  private final @Nullable HeldSocket socket;
  private final Duration watchdog;
  private volatile CaravanServer server;
  private volatile boolean stops;
  private @Nullable Thread handOver;

  /**
   * Starts the server.
   *
   * @param socket gets the deliveries; null when the server opens its own
   * @param watchdog how long a service manager waits for a sign of life, for the next program to
   *     know; zero when it waits for none
   */
  ServerOfProcess(
      Supplier<Settings> settings,
      PublicAddress address,
      Path data,
      @Nullable HeldSocket socket,
      Duration watchdog) {
    this.settings = settings;
    this.address = address;
    this.data = data;
    this.socket = socket;
    this.watchdog = watchdog;
    this.server = CaravanServer.start(settings, socket);
    offer(server); // only now that it has started
  }

  CaravanServer server() {
    return server;
  }

  CompletableFuture<Void> heartbeat() {
    return server.heartbeat();
  }

  String trouble() {
    return server.trouble();
  }

  /**
   * Stops the server. What arrives meanwhile waits in the socket if somebody else holds it, too. If
   * another program is taking over, it gets the socket first.
   *
   * @param atMost how long to wait for that
   */
  void stop(Duration atMost) {
    stops = true;
    Thread underWay = handOver();
    if (underWay != null) {
      join(underWay, atMost);
      if (handOver() != null) {
        return; // everything is closed already
      }
    }
    if (socket != null && socket.isHeldElsewhere()) {
      server.makeWay();
    } else {
      server.close();
    }
  }

  private void offer(CaravanServer begun) {
    if (socket != null) {
      begun.onSuccessor(wanted -> callSuccessor(socket, wanted));
    }
  }

  private synchronized void callSuccessor(HeldSocket socket, String wanted) {
    if (!wanted.equals(address.toString())) {
      throw new IllegalStateException(
          "It listens on %s, and the other would on %s. A take-over keeps the address; restart instead."
              .formatted(address, wanted));
    }
    if (stops) {
      throw new IllegalStateException("It is being stopped.");
    }
    if (handOver != null) {
      throw new IllegalStateException("It makes way for another program already.");
    }
    try {
      Successor next = Successor.waitingIn(data);
      handOver = new Thread(() -> handOver(socket, next), "hand-over");
      handOver.start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "Nobody waits in %s to take over from it: the other has another data directory."
              .formatted(data.toAbsolutePath()),
          e);
    }
  }

  private void handOver(HeldSocket socket, Successor next) {
    try {
      makeWay(socket, next);
    } catch (Throwable e) { // else this program would stay and serve nobody
      LOG.error("Cannot make way for the other Caravan. This one ends.", e);
      Runtime.getRuntime().halt(ExitCode.SOFTWARE); // whoever supervises it starts another
    }
  }

  private void makeWay(HeldSocket socket, Successor next) {
    LOG.info("Another Caravan takes over; this one makes way.");
    socket.stays(true);
    server.makeWay();
    if (next.goesOnWith(socket, watchdog)) {
      LOG.info("The other Caravan accepts deliveries. This one ends.");
      Runtime.getRuntime().halt(ExitCode.OK);
    }
    close(next);
    if (stops) {
      return;
    }
    LOG.error("The other Caravan did not get as far as accepting deliveries. This one continues.");
    if (comesBack(System.nanoTime() + LONGEST_RETURN.toNanos())) {
      socket.stays(false);
      isBack();
    }
  }

  private boolean comesBack(long end) {
    while (!stops) {
      try {
        CaravanServer begun = CaravanServer.start(settings, socket);
        server = begun;
        offer(begun);
        return true;
      } catch (CannotStartException | InvalidSettingException e) {
        if (System.nanoTime() - end >= 0) {
          LOG.error("Cannot start again: {}", e.getMessage());
          Runtime.getRuntime().halt(ExitCode.SOFTWARE); // whoever supervises it starts another
        }
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    }
    return false;
  }

  private synchronized @Nullable Thread handOver() {
    return handOver;
  }

  private synchronized void isBack() {
    handOver = null;
  }

  private static void join(Thread thread, Duration atMost) {
    try {
      thread.join(atMost.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Successor next) {
    try {
      next.close();
    } catch (IOException e) {
      LOG.debug("The way to the other Caravan cannot be closed", e);
    }
  }
}
