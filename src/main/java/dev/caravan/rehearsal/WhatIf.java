package dev.caravan.rehearsal;

import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.DeliveryPage;
import dev.caravan.log.DeliveryQuery;
import dev.caravan.log.DeliverySummary;
import dev.caravan.log.SubscriptionOutcome;
import dev.caravan.routes.RouteFile;
import dev.caravan.routes.RunningRoute;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives deliveries of the log to a candidate for a route file, and to the routes as they run, and
 * remembers what each would make of them. One question at a time, on a thread of its own; what is
 * kept of an answer is limited.
 */
public final class WhatIf implements AutoCloseable {
  /** The most deliveries of one question. */
  public static final int MOST = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.rehearsal");
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);
  private static final String OVER = "It ends here: its two minutes are over.";
  private static final int PAGE = 100;
  private static final int LONGEST_BODY = 2_048;

  /** A larger payload might take more memory than there is: nothing waits for its turn here. */
  private static final int LARGEST = 2 << 20;

  /** Characters of what is sent, of all deliveries together. */
  private static final long MOST_KEPT = 4L << 20;

  /** A route that hangs with each delivery would take the whole time. */
  private static final int MOST_NOT_ENDED = 3;

  private final RehearsalContexts contexts;
  private final Path directory;
  private final DeliveryHistory history;
  private final Supplier<Map<String, String>> running;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "what-if");
            made.setDaemon(true);
            return made;
          });
  private volatile @Nullable State state;

  /**
   * What is asked.
   *
   * @param file the candidate's name, that of a file in the routes directory or a new one
   * @param text of the candidate
   * @param isPasted whether the text is somebody's, and not the file's
   * @param query the deliveries, of which the newest count
   * @param most how many, up to {@link #MOST}
   */
  public record Question(
      String file, String text, boolean isPasted, DeliveryQuery query, int most) {}

  /**
   * What one route would make of a delivery.
   *
   * @param current what it makes of it as it runs; null when no route of that subscription runs
   * @param was what became of the delivery with that subscription; null when nothing did
   */
  public record Told(
      Rehearsed candidate, @Nullable Rehearsed current, @Nullable SubscriptionOutcome was) {

    /** Whether the candidate would do something else than the route as it runs. */
    public boolean isDifferent() {
      return current == null ? candidate.isTaken() : !candidate.isLike(current);
    }
  }

  /** A delivery, and what each of the candidate's routes would make of it. */
  public record Row(DeliverySummary delivery, List<Told> told) {

    /** Whether one of them would do something else. */
    public boolean isDifferent() {
      return told.stream().anyMatch(Told::isDifferent);
    }
  }

  /**
   * How far it is.
   *
   * @param done how many deliveries have been given
   * @param rows of those that have been given; empty until the end
   * @param note what keeps the answer from being whole, else empty
   * @param endedAt null while it goes on
   */
  public record State(
      Question question,
      Instant startedAt,
      int done,
      List<Row> rows,
      String note,
      @Nullable Instant endedAt) {

    /** Whether it goes on. */
    public boolean isRunning() {
      return endedAt == null;
    }

    private State after(int deliveries) {
      return new State(question, startedAt, deliveries, rows, note, null);
    }

    private State ended(List<Row> all, String sentence) {
      return new State(question, startedAt, all.size(), all, sentence, Instant.now());
    }
  }

  /**
   * @param directory of the route files
   * @param running gives the versions of the route files that run, by name
   */
  public WhatIf(
      RehearsalContexts contexts,
      Path directory,
      DeliveryHistory history,
      Supplier<Map<String, String>> running) {
    this.contexts = contexts;
    this.directory = directory;
    this.history = history;
    this.running = running;
  }

  /** Begins with a question; false while another is being answered. */
  public synchronized boolean ask(Question question) {
    State before = state;
    if (before != null && before.isRunning()) {
      return false;
    }
    State begun = new State(question, Instant.now(), 0, List.of(), "", null);
    state = begun;
    thread.execute(() -> state = answer(begun));
    return true;
  }

  /** The newest question, and what is known of its answer; null when there was none. */
  public @Nullable State state() {
    return state;
  }

  private State answer(State begun) {
    List<Row> rows = new ArrayList<>();
    try {
      return begun.ended(rows, give(begun, rows));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return begun.ended(rows, "The program was stopped meanwhile.");
    } catch (Exception | Error e) { // or it would seem to go on for ever
      LOG.error("A rehearsal failed.", e);
      return begun.ended(rows, "It failed; the server's log says why.");
    }
  }

  /** Returns the note. */
  private String give(State begun, List<Row> rows) throws IOException, InterruptedException {
    Question question = begun.question();
    Map<String, String> asItRuns = running.get();
    Map<String, String> instead = new LinkedHashMap<>();
    instead.put(question.file(), question.text()); // first: where it takes an id, that counts
    asItRuns.forEach(instead::putIfAbsent);
    try (Rehearsal candidate = new Rehearsal(contexts, directory, instead, LONGEST_BODY)) {
      for (RouteFile file : candidate.files()) {
        if (file.name().equals(question.file()) && file.problem() != null) {
          return "It cannot run. " + file.problem();
        }
      }
      List<RunningRoute> routes =
          candidate.routes().stream()
              .filter(route -> route.file().equals(question.file()))
              .toList();
      if (routes.isEmpty()) {
        return "No delivery comes to it: none of its routes that run begins at github-webhook.";
      }
      try (Rehearsal current = new Rehearsal(contexts, directory, asItRuns, LONGEST_BODY)) {
        return give(begun, rows, candidate, routes, current);
      }
    }
  }

  private String give(
      State begun,
      List<Row> rows,
      Rehearsal candidate,
      List<RunningRoute> routes,
      Rehearsal current)
      throws InterruptedException {
    long until = System.nanoTime() + LONGEST.toNanos();
    int most = begun.question().most();
    DeliveryQuery query = begun.question().query();
    long kept = 0;
    int left = 0;
    int notEnded = 0;
    String next;
    do {
      DeliveryPage page = history.list(query, Math.min(PAGE, most - rows.size() - left));
      for (DeliverySummary summary : page.deliveries()) {
        Delivery delivery =
            summary.payloadLength() > LARGEST ? null : history.at(summary.position()).orElse(null);
        if (delivery == null) {
          left++;
          continue;
        }
        List<Told> told = new ArrayList<>();
        for (RunningRoute route : routes) {
          Told each = told(summary, delivery, candidate, route, current);
          told.add(each);
          kept += length(each);
          notEnded += each.candidate().verdict() == Verdict.NOT_ENDED ? 1 : 0;
        }
        rows.add(new Row(summary, told));
        state = begun.after(rows.size());
        if (kept > MOST_KEPT) {
          return "It ends here: what these deliveries send is as much as is kept of an answer. Ask about fewer.";
        }
        if (notEnded >= MOST_NOT_ENDED) {
          return "It ends here: three deliveries did not end within their time.";
        }
        if (System.nanoTime() > until) {
          return OVER;
        }
      }
      if (System.nanoTime() > until) {
        return OVER;
      }
      next = page.next();
      query = next == null ? query : query.before(next);
    } while (next != null && rows.size() + left < most);
    return left == 0
        ? ""
        : "%d more are left out: their payloads are larger than 2 MiB, or no longer kept."
            .formatted(left);
  }

  private static Told told(
      DeliverySummary summary,
      Delivery delivery,
      Rehearsal candidate,
      RunningRoute route,
      Rehearsal current)
      throws InterruptedException {
    Rehearsed now = null;
    for (RunningRoute each : current.routes()) {
      if (String.valueOf(each.subscription()).equals(route.subscription())) {
        now = current.give(delivery, each, List.of());
      }
    }
    return new Told(
        candidate.give(delivery, route, List.of()),
        now,
        summary.outcomes().stream()
            .filter(outcome -> outcome.subscription().equals(route.subscription()))
            .findFirst()
            .orElse(null));
  }

  private static long length(Told told) {
    Rehearsed current = told.current();
    return length(told.candidate()) + (current == null ? 0 : length(current));
  }

  private static long length(Rehearsed rehearsed) {
    long length = rehearsed.reason().length();
    for (String note : rehearsed.notes()) {
      length += note.length();
    }
    for (Send send : rehearsed.sends()) {
      length += send.to().length() + send.body().length();
      for (Map.Entry<String, String> header : send.headers().entrySet()) {
        length += header.getKey().length() + header.getValue().length();
      }
    }
    return length;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A rehearsal is still under way; Caravan stops nevertheless.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
