package dev.caravan.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that send all the time, each its own lane, one delivery after the other.
 *
 * <p>What a lane holds is therefore in order of sending. When the connection breaks, every other
 * client sends the same again until it is taken, and the others, like GitHub, go on to the next.
 */
final class Load implements AutoCloseable {
  private final Map<String, SignedPush> accepted = new ConcurrentHashMap<>();
  private final Map<String, Long> acceptedAt = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> otherAnswers = new ConcurrentHashMap<>();
  private final LongAdder unanswered = new LongAdder();
  private final List<Thread> clients = new ArrayList<>();
  private final long pauseNanos;
  private volatile List<URI> hooks = List.of();
  private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);
  private volatile boolean over;

  Load(int lanes) {
    this(lanes, Duration.ZERO);
  }

  /**
   * @param pause of a client between two deliveries
   */
  Load(int lanes, Duration pause) {
    pauseNanos = pause.toNanos();
    for (int lane = 1; lane <= lanes; lane++) {
      int number = lane;
      Thread client = new Thread(() -> send(number), "client-" + number);
      clients.add(client);
      client.start();
    }
  }

  /** Sends to there from now on. Of several, each client has its own, and the others in reserve. */
  void sendTo(URI... addresses) {
    hooks = List.of(addresses);
  }

  /** Nobody is there. */
  void pause() {
    hooks = List.of();
  }

  /** What was answered 202, by GUID. */
  Map<String, SignedPush> accepted() {
    return accepted;
  }

  /** When that was, in nanoTime. */
  Map<String, Long> acceptedAt() {
    return acceptedAt;
  }

  /** Answers but 202, and how often. */
  Map<Integer, Integer> otherAnswers() {
    return otherAnswers;
  }

  /** How often a connection broke before there was an answer. */
  long unanswered() {
    return unanswered.sum();
  }

  /** The longest that an answer took. */
  Duration longestAnswer() {
    return Duration.ofNanos(longestNanos.get());
  }

  /** Sends no more; returns when the last answers are there. */
  void end() {
    over = true;
    for (Thread client : clients) {
      try {
        client.join(Duration.ofSeconds(30).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    end();
  }

  private void send(int lane) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    boolean sendsAgain = lane % 2 == 0;
    for (int number = 1; !over; number++) {
      SignedPush push = SignedPush.of(lane, number, "x".repeat(number * 131 % 8000));
      int turn = lane / 2; // so that each node has clients of both kinds
      boolean taken = send(client, push, turn);
      while (!taken && sendsAgain && !over) {
        turn++;
        taken = send(client, push, turn);
      }
      LockSupport.parkNanos(pauseNanos);
    }
  }

  private boolean send(HttpClient client, SignedPush push, int turn) {
    URI address = address(turn);
    while (address == null && !over) {
      LockSupport.parkNanos(10_000_000); // the program that starts meanwhile needs the processor
      address = address(turn);
    }
    if (address == null) {
      return false;
    }
    HttpRequest request =
        HttpRequest.newBuilder(push.to(address), (name, value) -> true)
            .timeout(Duration.ofSeconds(10)) // as GitHub's
            .build();
    long sentAt = System.nanoTime();
    try {
      HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
      longestNanos.accumulate(System.nanoTime() - sentAt);
      if (response.statusCode() == 202) {
        acceptedAt.put(push.guid().toString(), System.nanoTime());
        accepted.put(push.guid().toString(), push);
        return true;
      }
      otherAnswers.merge(response.statusCode(), 1, Integer::sum);
    } catch (IOException e) {
      unanswered.increment();
      LockSupport.parkNanos(1_000_000); // it was killed: nobody knows what became of this one
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private @Nullable URI address(int turn) {
    List<URI> now = hooks;
    return now.isEmpty() ? null : now.get(turn % now.size());
  }
}
