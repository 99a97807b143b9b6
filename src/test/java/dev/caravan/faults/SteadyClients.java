package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * A delivery that was sent.
   *
   * @param status of the answer; 0 when there was none
   * @param problem why there was none
   */
  record Sent(String guid, long startedAt, Duration took, int status, @Nullable String problem) {}

  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Posters posters;
  private volatile boolean over;

  /** A way to send them, of one client. */
  interface Poster {
    /** Sends it, once; the status of its answer. */
    int post(SignedPush push) throws IOException;

    /** Closes what it has open; it can be used again. */
    default void close() {}
  }

  /** The ways of many clients. */
  interface Posters {
    Poster of(int lane);

    /** Called when none of them sends anything more. */
    default void close() {}
  }

  /** Clients over HTTP/1.1 in clear text. */
  SteadyClients(URI hook, int eachSecond) {
    this(eachSecond, lane -> new PlainPoster(hook, lane % 2 == 0));
  }

  /** Clients of some other kind. */
  SteadyClients(int eachSecond, Posters posters) {
    this.posters = posters;
    long pause = Duration.ofSeconds(1).toNanos() * CLIENTS / eachSecond;
    long start = System.nanoTime();
    for (int lane = 1; lane <= CLIENTS; lane++) {
      int number = lane;
      Thread client =
          new Thread(
              () ->
                  new Client(posters.of(number), number)
                      .run(start + pause * number / CLIENTS, pause),
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
    threads.forEach(LockSupport::unpark);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    posters.close();
  }

  /** One of them. A post that is answered late delays its next ones, which then follow at once. */
  private final class Client {
    private final Poster poster;
    private final int lane;

    Client(Poster poster, int lane) {
      this.poster = poster;
      this.lane = lane;
    }

    void run(long first, long pause) {
      for (int number = 1; ; number++) {
        LockSupport.parkNanos(first + pause * number - System.nanoTime());
        if (over) {
          break;
        }
        SignedPush push = SignedPush.of(lane, number);
        long startedAt = System.nanoTime();
        int status = 0;
        String problem = null;
        try {
          status = poster.post(push);
        } catch (IOException e) {
          problem = e.toString();
          poster.close();
        }
        sent.add(
            new Sent(
                push.guid().toString(),
                startedAt,
                Duration.ofNanos(System.nanoTime() - startedAt),
                status,
                problem));
      }
      poster.close();
    }
  }
}
