package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;

/**
 * A network for one process, with one way out, to this machine. It takes rights that only root has;
 * tests are skipped without them.
 */
final class NetworkOfItsOwn implements AutoCloseable {
  private static final String HOST = "10.213.77.1";
  private static final String GUEST = "10.213.77.2";

  private final String name = "caravan-" + ProcessHandle.current().pid();
  private final String here = "cv" + ProcessHandle.current().pid();
  private final String there = here + "x";

  private NetworkOfItsOwn() {}

  static NetworkOfItsOwn make() {
    NetworkOfItsOwn network = new NetworkOfItsOwn();
    assumeTrue(
        run("ip", "netns", "add", network.name),
        "a network namespace takes root and the package iproute2: what it is for is skipped");
    boolean isMade =
        run("ip", "link", "add", network.here, "type", "veth", "peer", "name", network.there)
            && run("ip", "link", "set", network.there, "netns", network.name)
            && run("ip", "address", "add", HOST + "/30", "dev", network.here)
            && run("ip", "link", "set", network.here, "up")
            && network.inside("ip", "address", "add", GUEST + "/30", "dev", network.there)
            && network.inside("ip", "link", "set", network.there, "up")
            && network.inside("ip", "link", "set", "lo", "up");
    if (!isMade) {
      network.close();
    }
    assumeTrue(isMade, "a pair of network devices cannot be made here: what it is for is skipped");
    return network;
  }

  /** The address of this machine, as the process sees it. */
  InetAddress host() {
    try {
      return InetAddress.getByName(HOST);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a process in this network is run under. */
  String[] command() {
    return new String[] {"ip", "netns", "exec", name};
  }

  /** Nothing gets in or out from now on, and nobody is told. */
  void down() {
    if (!run("ip", "link", "set", here, "down")) {
      throw new IllegalStateException("The device could not be taken down");
    }
  }

  void up() {
    if (!run("ip", "link", "set", here, "up")) {
      throw new IllegalStateException("The device could not be brought up");
    }
  }

  /** From now on packets are late or lost, as tc-netem(8) says, in both directions. */
  void lose(String how) {
    String[] words = how.split(" ", -1);
    boolean isPossible =
        run(with(words, "tc", "qdisc", "add", "dev", here, "root", "netem"))
            && inside(with(words, "tc", "qdisc", "add", "dev", there, "root", "netem"));
    if (!isPossible) {
      close();
    }
    assumeTrue(isPossible, "this kernel has no netem (sch_netem): loss and delay are skipped");
  }

  private static String[] with(String[] more, String... words) {
    String[] all = new String[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }

  @Override
  public void close() {
    run("ip", "link", "del", here);
    run("ip", "netns", "del", name);
  }

  private boolean inside(String... command) {
    return run(with(command, command()));
  }

  private static boolean run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String unused = new String(process.getInputStream().readAllBytes(), UTF_8);
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
