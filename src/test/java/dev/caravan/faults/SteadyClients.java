package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that post at a steady rate, whatever becomes of it, and send nothing twice. Half of them
 * open a connection for each delivery, as GitHub does, the others keep theirs as long as they may.
 */
final class SteadyClients implements AutoCloseable {
  private static final int CLIENTS = 64;
  private static final int LONGEST_WAIT = 60_000;

  /**
   * A delivery that was sent.
   *
   * @param status of the answer; 0 when there was none
   * @param problem why there was none
   */
  record Sent(String guid, long startedAt, Duration took, int status, @Nullable String problem) {}

  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  SteadyClients(URI hook, int eachSecond) {
    long pause = Duration.ofSeconds(1).toNanos() * CLIENTS / eachSecond;
    long start = System.nanoTime();
    for (int lane = 1; lane <= CLIENTS; lane++) {
      int number = lane;
      Thread client =
          new Thread(
              () -> new Client(hook, number).run(start + pause * number / CLIENTS, pause),
              "client-" + lane);
      threads.add(client);
      client.start();
    }
  }

  /** What was sent until now. */
  List<Sent> sent() {
    return List.copyOf(sent);
  }

  /** Returns when more than that many more were sent. */
  void awaitMore(int count) {
    int before = sent.size();
    await().atMost(Duration.ofSeconds(30)).until(() -> sent.size() > before + count);
  }

  /** Each was answered 202. */
  static void assertAllAccepted(List<Sent> sent) {
    assertThat(sent).allSatisfy(one -> assertThat(one.status()).as(one.toString()).isEqualTo(202));
  }

  @Override
  public void close() {
    end();
  }

  /** Sends no more; returns when the last answers are there. */
  void end() {
    over = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** One of them. A post that is answered late delays its next ones, which then follow at once. */
  private final class Client {
    private final URI hook;
    private final int lane;
    private final boolean keeps;
    private @Nullable Socket connection;

    Client(URI hook, int lane) {
      this.hook = hook;
      this.lane = lane;
      this.keeps = lane % 2 == 0;
    }

    void run(long first, long pause) {
      for (int number = 1; !over; number++) {
        LockSupport.parkNanos(first + pause * number - System.nanoTime());
        SignedPush push = SignedPush.of(lane, number);
        long startedAt = System.nanoTime();
        int status = 0;
        String problem = null;
        try {
          status = post(push);
        } catch (IOException e) {
          problem = e.toString();
          closeConnection();
        }
        sent.add(
            new Sent(
                push.guid().toString(),
                startedAt,
                Duration.ofNanos(System.nanoTime() - startedAt),
                status,
                problem));
      }
      closeConnection();
    }

    private int post(SignedPush push) throws IOException {
      Socket socket = connection;
      if (socket == null) {
        socket = new Socket(hook.getHost(), hook.getPort());
        socket.setSoTimeout(LONGEST_WAIT);
        socket.setTcpNoDelay(true);
        connection = socket;
      }
      byte[] head = push.head(hook);
      byte[] request = new byte[head.length + push.body().length];
      System.arraycopy(head, 0, request, 0, head.length);
      System.arraycopy(push.body(), 0, request, head.length, push.body().length);
      socket.getOutputStream().write(request);
      InputStream answer = new BufferedInputStream(socket.getInputStream());
      String status = line(answer);
      int length = 0;
      boolean ends = !keeps;
      for (String field = line(answer); !field.isEmpty(); field = line(answer)) {
        String lower = field.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
        }
        ends |= lower.equals("connection: close");
      }
      answer.readNBytes(length);
      if (ends) {
        closeConnection();
      }
      return Integer.parseInt(status.split(" ", 3)[1]);
    }

    private void closeConnection() {
      try {
        if (connection != null) {
          connection.close();
        }
      } catch (IOException e) {
        // it is not used any more
      }
      connection = null;
    }

    private static String line(InputStream answer) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = answer.read(); next != '\n'; next = answer.read()) {
        if (next < 0) {
          throw new IOException("The connection ended before there was an answer");
        }
        line.append((char) next);
      }
      return new String(line.toString().strip().getBytes(US_ASCII), US_ASCII);
    }
  }
}
