package dev.caravan.github;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.GitHubException;
import dev.caravan.github.api.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers questions while somebody waits; changes nothing at GitHub. One question at a time, as
 * GitHub asks of its clients.
 */
public final class GitHubQuestions {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_FOR_GH = Duration.ofSeconds(2);

  private final ThisProgram program;
  private final ReentrantLock turn = new ReentrantLock();

  /** The questions. */
  public enum Question {
    /** What is wrong with the hooks. */
    LOOK("A look at the hooks"),
    /** What GitHub has and this log does not. */
    MISSING("What is missing"),
    /** What must be changed to bring the hooks into line. */
    DIFFERENCE("What would be changed");

    private final String title;

    Question(String title) {
      this.title = title;
    }
  }

  public GitHubQuestions(ThisProgram program) {
    this.program = program;
  }

  /** The hooks to ask about if nobody names any. */
  public ChosenHooks configured() {
    return ChosenHooks.of(program.settings().get());
  }

  /** Why GitHub cannot be asked; empty when it can. Asks GitHub nothing. */
  public String trouble() {
    try {
      Settings settings = program.settings().get();
      return GitHubApi.from(
                  settings, program.environment(), path -> path, new ShortWaiting(), sentence -> {})
              .hasCredentials()
          ? ""
          : "Caravan has no credentials for GitHub.";
    } catch (InvalidSettingException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Asks GitHub, and returns the answer or why there is none. */
  public HookReport ask(Question question, ChosenHooks chosen) throws Exception {
    if (!turn.tryLock()) {
      return HookReport.failed(
          question.title, "Somebody else is asking at this moment. Ask again in a minute.");
    }
    try {
      return HookTask.report(question.title, () -> answer(question, chosen));
    } finally {
      turn.unlock();
    }
  }

  private HookReport answer(Question question, ChosenHooks chosen) throws InterruptedException {
    HookTask task = new HookTask(program, chosen, new ShortWaiting(), sentence -> {});
    return switch (question) {
      case LOOK -> task.look(question.title);
      case MISSING -> task.missing(question.title);
      case DIFFERENCE -> task.difference(question.title);
    };
  }

  /** Gives up instead of waiting an hour for a page. */
  private static final class ShortWaiting implements Waiting {
    @Override
    public Instant now() {
      return Waiting.REAL.now();
    }

    @Override
    public Duration forGh() {
      return LONGEST_FOR_GH;
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      if (time.compareTo(LONGEST_PAUSE) > 0) {
        throw new GitHubException(
            GitHubException.NO_ANSWER,
            "GitHub's rate limit is reached. Ask again after %s."
                .formatted(now().plus(time).truncatedTo(ChronoUnit.SECONDS)));
      }
      Waiting.REAL.pause(time);
    }
  }
}
