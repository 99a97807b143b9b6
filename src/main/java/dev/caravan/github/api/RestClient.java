package dev.caravan.github.api;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * Sends one request after the other, as GitHub asks of its clients; waits when a limit is reached,
 * and retries what may be retried. Safe for use by many threads, which take turns.
 *
 * <p>Our own, over Java's client: org.kohsuke:github-api cannot list a hook's deliveries, change a
 * hook, or read an App's hook. It would save a quarter of this, and add two megabytes and its own
 * retries.
 */
final class RestClient {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration WORTH_TELLING = Duration.ofSeconds(5);
  private static final int MOST_TRIES = 5;
  private static final int MOST_WAITS = 12;

  private final GitHubSettings settings;
  private final Waiting waiting;
  private final Consumer<String> told;
  private final Connection connection;
  private final RateLimits limits;
  private final Budget budget = new Budget();
  private Instant lastChange = Instant.EPOCH;

  /**
   * @param told gets sentences that say why it takes long
   * @param limits records the rate limits
   */
  RestClient(GitHubSettings settings, Waiting waiting, Consumer<String> told, RateLimits limits) {
    this.limits = limits;
    this.settings = settings;
    this.waiting = waiting;
    this.told = told;
    this.connection = new Connection(settings);
  }

  /**
   * Sends a request and waits for the answer, of any status.
   *
   * @throws GitHubException when no answer comes, or only server errors
   */
  synchronized Answer send(Call call) {
    try {
      return sendPatiently(call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitHubException(GitHubException.NO_ANSWER, "Interrupted.");
    }
  }

  private Answer sendPatiently(Call call) throws InterruptedException {
    int tries = 0;
    int waits = 0;
    while (true) {
      awaitTurn(call);
      Answer answer;
      try {
        answer = connection.send(call);
      } catch (IOException e) {
        // A request that did not reach GitHub changed nothing, so it may be sent again.
        boolean repeat = call.mayBeRepeated() || e instanceof ConnectException;
        if (!repeat || ++tries == MOST_TRIES) {
          throw unreachable(e);
        }
        pause(FIRST_PAUSE.multipliedBy(1L << (tries - 1)));
        continue;
      }
      limits.read(answer);
      budget.read(answer, waiting.now());
      if (budget.isSpent(answer, waiting.now(), waits + 1)) {
        if (++waits == MOST_WAITS) {
          throw new GitHubException(
              answer.status(),
              "GitHub's limits do not let %s through, after %d waits."
                  .formatted(call.path(), waits));
        }
        continue;
      }
      if (answer.status() < 500) {
        return answer;
      }
      if (!call.mayBeRepeated() || ++tries == MOST_TRIES) {
        throw new GitHubException(
            answer.status(),
            "GitHub fails (%d). Look at https://www.githubstatus.com and try again later."
                .formatted(answer.status()));
      }
      pause(FIRST_PAUSE.multipliedBy(1L << (tries - 1)));
    }
  }

  private void awaitTurn(Call call) throws InterruptedException {
    Duration wait = budget.wait(waiting.now());
    if (wait.compareTo(WORTH_TELLING) > 0) {
      told.accept(
          "GitHub's rate limit is reached; going on at %s."
              .formatted(waiting.now().plus(wait).truncatedTo(ChronoUnit.SECONDS)));
    }
    pause(wait);
    if (!call.reads()) {
      pause(Duration.between(waiting.now(), lastChange.plus(settings.pause())));
      lastChange = waiting.now();
    }
  }

  private void pause(Duration time) throws InterruptedException {
    if (time.compareTo(Duration.ZERO) > 0) {
      waiting.pause(time);
    }
  }

  private GitHubException unreachable(IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new GitHubException(
        GitHubException.NO_ANSWER,
        "GitHub cannot be reached at %s (%s). Look at caravan.github.api and, behind a proxy, at caravan.github.proxy."
            .formatted(settings.api(), reason));
  }
}
