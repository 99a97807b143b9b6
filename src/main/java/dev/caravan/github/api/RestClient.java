package dev.caravan.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sends one request after the other, as GitHub asks its clients to; waits where a limit is reached,
 * and tries again what may be tried again. Safe for use by many threads, which take turns.
 *
 * <p>Our own on Java's client: org.kohsuke:github-api has no call for the deliveries of a hook,
 * none to change a hook, and none for an App's hook, so it would save a quarter of this and bring
 * two megabytes and its own retries.
 */
final class RestClient {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration WORTH_TELLING = Duration.ofSeconds(5);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);
  private static final int CONFLICT = 409;
  private static final int MOST_TRIES = 5;
  private static final int MOST_WAITS = 12;
  private static final int MOST_REDIRECTS = 3;

  /** A delivery has a payload of 25 MB at most, in JSON of other whitespace. */
  private static final int LARGEST = 80 << 20;

  private final GitHubSettings settings;
  private final Waiting waiting;
  private final Consumer<String> told;
  private final HttpClient client;
  private final Budget budget = new Budget();
  private final UnchangedAnswers unchanged = new UnchangedAnswers();
  private Instant lastChange = Instant.EPOCH;

  /**
   * @param told hears in a sentence why it takes long
   */
  RestClient(GitHubSettings settings, Waiting waiting, Consumer<String> told) {
    this.settings = settings;
    this.waiting = waiting;
    this.told = told;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if (settings.proxy() != null) {
      builder.proxy(settings.proxy());
    }
    client = builder.build();
  }

  /**
   * Sends it and waits for the answer, whatever that says.
   *
   * @throws GitHubException when none comes, or only failures of GitHub's own
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
        answer = sendFollowing(call);
      } catch (IOException e) {
        // A request that did not reach GitHub changed nothing, so it may be sent again.
        boolean repeat = call.mayBeRepeated() || e instanceof ConnectException;
        if (!repeat || ++tries == MOST_TRIES) {
          throw unreachable(e);
        }
        pause(FIRST_PAUSE.multipliedBy(1L << (tries - 1)));
        continue;
      }
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

  /**
   * Follows to where GitHub moved something, as long as that is GitHub's API: a token goes along.
   */
  private Answer sendFollowing(Call call) throws IOException, InterruptedException {
    URI target = URI.create(settings.api() + call.path());
    for (int redirects = 0; ; redirects++) {
      Answer answer = sendOnce(call, target);
      boolean follow =
          REDIRECTS.contains(answer.status())
              && redirects < MOST_REDIRECTS
              && (call.reads() || answer.status() > 302);
      if (!follow) {
        return answer;
      }
      target = sameServer(target, answer.header("Location"));
    }
  }

  private static URI sameServer(URI from, String location) {
    try {
      URI next = from.resolve(location);
      if (from.getScheme().equals(next.getScheme())
          && from.getAuthority().equals(next.getAuthority())) {
        return next;
      }
    } catch (IllegalArgumentException e) {
      // refused below, with the same sentence
    }
    throw new GitHubException(
        CONFLICT,
        "GitHub sends us to another server, which gets nothing of ours. Look at caravan.github.api.");
  }

  private Answer sendOnce(Call call, URI target) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .header("Accept", "application/vnd.github+json")
            .header("X-GitHub-Api-Version", "2022-11-28")
            .header("User-Agent", "caravan");
    if (call.authorization() != null) {
      request.header("Authorization", call.authorization());
    }
    if (call.body() == null) {
      request.method(call.method(), BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(call.method(), BodyPublishers.ofString(call.body().toString()));
    }
    String known = call.reads() ? unchanged.tag(target) : null;
    if (known != null) {
      request.header("If-None-Match", known);
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream stream = response.body()) {
      byte[] bytes = stream.readNBytes(LARGEST);
      Answer answer = new Answer(response.statusCode(), response.headers(), json(bytes));
      return call.reads() ? unchanged.seen(target, answer, bytes.length) : answer;
    }
  }

  /** An answer of a proxy's, say, is no JSON; its status says enough. */
  private static JsonNode json(byte[] bytes) {
    try {
      return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
    } catch (IOException e) {
      return MissingNode.getInstance();
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
