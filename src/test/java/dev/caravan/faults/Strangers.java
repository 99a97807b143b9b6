package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Clients without a secret that hold as many connections as they get: each sends something at once
 * and then so many bytes every tenth of a second. One that is ended comes again.
 */
final class Strangers implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int PAUSE = 100;

  private final URI hook;
  private final IntFunction<String> address;
  private final IntFunction<byte[]> first;
  private final byte[] more;
  private final Socket[] sockets;
  private final Thread[] threads = new Thread[THREADS];
  private final AtomicInteger opened = new AtomicInteger();
  private volatile boolean isOver;

  /**
   * @param address from which address the connection of that number comes
   * @param first what it sends at once
   * @param more how many bytes it sends every tenth of a second after that
   */
  Strangers(
      URI hook, int connections, IntFunction<String> address, IntFunction<byte[]> first, int more) {
    this.hook = hook;
    this.address = address;
    this.first = first;
    this.more = "x".repeat(more).getBytes(ISO_8859_1);
    this.sockets = new Socket[connections];
    for (int number = 0; number < THREADS; number++) {
      int start = number;
      threads[number] = new Thread(() -> attack(start), "stranger-" + number);
      threads[number].start();
    }
  }

  /** How many connections they have opened so far. */
  int opened() {
    return opened.get();
  }

  private void attack(int start) {
    while (!isOver) {
      long next = System.nanoTime() + PAUSE * 1_000_000L;
      for (int number = start; number < sockets.length && !isOver; number += THREADS) {
        attackWith(number);
      }
      long left = (next - System.nanoTime()) / 1_000_000;
      try {
        Thread.sleep(Math.max(1, left));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void attackWith(int number) {
    try {
      Socket socket = sockets[number];
      if (socket == null) {
        sockets[number] = open(number);
      } else if (more.length > 0) {
        socket.getOutputStream().write(more);
      } else if (socket.getInputStream().available() > 0) {
        throw new IOException("answered");
      }
    } catch (IOException e) {
      close(sockets[number]);
      sockets[number] = null;
    }
  }

  private Socket open(int number) throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(address.apply(number), 0));
    socket.connect(new InetSocketAddress(hook.getHost(), hook.getPort()), 2000);
    socket.setSoTimeout(2000);
    socket.getOutputStream().write(first.apply(number));
    opened.incrementAndGet();
    return socket;
  }

  private static void close(Socket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // gone already
    }
  }

  @Override
  public void close() {
    isOver = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : sockets) {
      close(socket);
    }
  }
}
