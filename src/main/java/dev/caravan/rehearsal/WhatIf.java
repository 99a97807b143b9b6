package dev.caravan.rehearsal;

import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.history.DeliveryQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * remembers what each would do with them. One question at a time, on a thread of its own; what is
 * kept of an answer is limited.
 */
public final class WhatIf implements AutoCloseable {
  /** The most deliveries of one question. */
  public static final int MOST = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.rehearsal");
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

  private final Comparison comparison;
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
   * @param isPasted whether the text was pasted, rather than the file's own
   * @param query the deliveries, of which the newest count
   * @param most how many, up to {@link #MOST}
   */
  public record Question(
      String file, String text, boolean isPasted, DeliveryQuery query, int most) {}

  /**
   * How far it is.
   *
   * @param done how many deliveries have been given
   * @param rows of those that have been given; empty until the end
   * @param note what keeps the answer from being whole, else empty
   * @param endedAt null while it is running
   */
  public record State(
      Question question,
      Instant startedAt,
      int done,
      List<ComparedDelivery> rows,
      String note,
      @Nullable Instant endedAt) {

    /** Whether it is running. */
    public boolean isRunning() {
      return endedAt == null;
    }

    private State after(int deliveries) {
      return new State(question, startedAt, deliveries, rows, note, null);
    }

    private State ended(List<ComparedDelivery> all, String sentence) {
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
    this.comparison = new Comparison(contexts, directory, history, running);
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

  /** The newest question, and what is known about its answer; null when there was none. */
  public @Nullable State state() {
    return state;
  }

  private State answer(State begun) {
    Question question = begun.question();
    List<ComparedDelivery> rows = new ArrayList<>();
    try {
      String note =
          comparison.give(
              question.file(),
              question.text(),
              question.query(),
              question.most(),
              row -> {
                rows.add(row);
                state = begun.after(rows.size());
              });
      return begun.ended(rows, note);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return begun.ended(rows, "The program was stopped before it finished.");
    } catch (Exception | Error e) { // or it would seem to run for ever
      LOG.error("A rehearsal failed.", e);
      return begun.ended(rows, "It failed; the server's log says why.");
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A rehearsal is still running; Caravan stops anyway.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
