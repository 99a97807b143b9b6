package dev.caravan.github;

import dev.caravan.github.api.Waiting;
import dev.caravan.github.recovery.AskingThread;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does work at GitHub that nobody waits for, one piece at a time on a thread of its own, and
 * remembers the last result.
 */
public final class GitHubWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.github");

  private final ThisProgram program;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "github-work");
            made.setDaemon(true);
            return made;
          });
  private volatile @Nullable State state;

  /**
   * The state of some work.
   *
   * @param progress the newest sentence about it; empty at first and at the end
   * @param report its result; null while it runs
   * @param endedAt null while it runs
   */
  public record State(
      String title,
      ChosenHooks hooks,
      Instant startedAt,
      String progress,
      @Nullable HookReport report,
      @Nullable Instant endedAt) {

    /** Whether it is running. */
    public boolean isRunning() {
      return report == null;
    }

    private State at(String sentence) {
      return new State(title, hooks, startedAt, sentence, null, null);
    }

    private State ended(HookReport result) {
      return new State(title, hooks, startedAt, "", result, Instant.now());
    }
  }

  private interface Work {
    HookReport with(HookTask task) throws InterruptedException;
  }

  public GitHubWork(ThisProgram program) {
    this.program = program;
  }

  /** Begins to get back what is missing; false while other work is under way. */
  public boolean recover(ChosenHooks hooks) {
    String title = "Getting back what is missing";
    return start(title, hooks, task -> task.recover(title));
  }

  /** Begins to bring hooks into line; false while other work is under way. */
  public boolean register(ChosenHooks hooks) {
    String title = "Bringing hooks into line";
    return start(title, hooks, task -> task.register(title));
  }

  /** The newest work; null when there was none. */
  public @Nullable State state() {
    return state;
  }

  @Override
  public void close() {
    AskingThread.end(thread);
  }

  private synchronized boolean start(String title, ChosenHooks hooks, Work work) {
    State before = state;
    if (before != null && before.isRunning()) {
      return false;
    }
    State begun = new State(title, hooks, Instant.now(), "", null, null);
    state = begun;
    thread.execute(() -> state = begun.ended(run(begun, work)));
    return true;
  }

  private HookReport run(State begun, Work work) {
    try {
      return HookTask.report(
          begun.title(),
          () ->
              work.with(
                  new HookTask(
                      program,
                      begun.hooks(),
                      Waiting.REAL,
                      sentence -> state = begun.at(sentence))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return HookReport.failed(begun.title(), "The program was stopped before it finished.");
    } catch (Exception | Error e) { // without a result it would seem to run for ever
      LOG.error("{} failed.", begun.title(), e);
      return HookReport.failed(begun.title(), "That failed; the server's log says why.");
    }
  }
}
