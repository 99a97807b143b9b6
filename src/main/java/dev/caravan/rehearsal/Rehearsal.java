package dev.caravan.rehearsal;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.logging.ErrorSentence;
import dev.caravan.rehearsal.RehearsedAttempt.End;
import dev.caravan.rehearsal.stage.Answer;
import dev.caravan.rehearsal.stage.Masking;
import dev.caravan.rehearsal.stage.Observed;
import dev.caravan.rehearsal.stage.RehearsalLog;
import dev.caravan.rehearsal.stage.Stage;
import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.webhook.GitHubWebhookEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/**
 * Routes on a stage, which are given one delivery after the other. For one thread; the routes may
 * use others.
 */
public final class Rehearsal implements AutoCloseable {
  private static final int LONGEST_REASON = 2_000;

  /** The time that a route has for a delivery. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private static final long LOOK_MILLIS = 1;

  private final Stage stage;
  private final RouteFiles files;
  private final Masking masking = new Masking();
  private final Duration longest;
  private long given;

  /**
   * Loads the routes.
   *
   * @param instead the text of files, by name (of shared ones, their path), that take the place of
   *     what is in the directory
   * @param longestBody how many bytes of each body are kept
   * @throws IOException when the directory cannot be read
   */
  public Rehearsal(
      RehearsalContexts contexts, Path directory, Map<String, String> instead, int longestBody)
      throws IOException {
    this(contexts, directory, instead, longestBody, LONGEST);
  }

  /**
   * Loads the routes.
   *
   * @param longest the time that a route has for a delivery
   * @throws IOException when the directory cannot be read
   */
  public Rehearsal(
      RehearsalContexts contexts,
      Path directory,
      Map<String, String> instead,
      int longestBody,
      Duration longest)
      throws IOException {
    this.longest = longest;
    stage = new Stage(longestBody);
    try {
      files = RouteFiles.with(instead, contexts.on(stage), directory);
    } catch (IOException | RuntimeException | Error e) {
      stage.close();
      throw e;
    }
    learn(files.texts());
    learn(files.sharedTexts());
  }

  private void learn(Map<String, String> texts) {
    texts.forEach(
        (name, text) ->
            files.routes().stream()
                .filter(route -> route.file().equals(name))
                .map(route -> files.route(route.id()))
                .findFirst()
                .ifPresent(route -> masking.learn(text, route.getCamelContext())));
  }

  /** The files, and what is wrong with them. */
  public List<RouteFile> files() {
    return files.files();
  }

  /** These files, and those that use what the shared ones among them offer. */
  public Set<String> withUsers(Set<String> names) {
    Set<String> all = new TreeSet<>(names);
    files().stream()
        .filter(file -> names.contains(file.name()))
        .flatMap(file -> file.offers().values().stream())
        .forEach(all::addAll);
    return all;
  }

  /** The routes that begin at a delivery. */
  public List<RunningRoute> routes() {
    return files.routes().stream().filter(route -> route.subscription() != null).toList();
  }

  /**
   * What a route of {@link #routes} would make of a delivery.
   *
   * @param answers of the endpoints, the first that fits counts; none is needed
   */
  public Rehearsed give(Delivery delivery, RunningRoute route, List<Answer> answers)
      throws InterruptedException {
    String subscription = route.subscription();
    RehearsalLog.Reader reader = subscription == null ? null : stage.log().reader(subscription);
    if (subscription == null || reader == null) {
      throw new IllegalArgumentException(route.id() + " does not run");
    }
    String obstacle = obstacle(delivery, reader.settings().filter(), files.route(route.id()));
    if (obstacle != null) {
      return new Rehearsed(
          subscription, route.id(), Verdict.NOT_WANTED, obstacle, List.of(), 0, List.of());
    }
    Observed observed = new Observed(answers);
    stage.watch(observed);
    End end = run(new RehearsedAttempt(delivery, "rehearsal-" + ++given), reader);
    stage.watch(null);
    observed.end();
    Throwable cause = end.cause();
    return new Rehearsed(
        subscription,
        route.id(),
        end.verdict(),
        cause == null ? "" : masking.masked(sentence(end.verdict(), cause, observed)),
        observed.sends().stream().map(masking::masked).toList(),
        observed.more(),
        observed.notes(cause).stream().map(masking::masked).toList());
  }

  /** What is not tried again says itself which step met what. */
  private static String sentence(Verdict verdict, Throwable cause, Observed observed) {
    String message = cause.getMessage();
    return verdict == Verdict.DEAD_LETTER && message != null
        ? ErrorSentence.line(message, LONGEST_REASON)
        : observed.sentence(cause);
  }

  /** Why the delivery would not reach the route; null when it would. */
  private static @Nullable String obstacle(
      Delivery delivery, EventFilter filter, @Nullable Route route) {
    Delivery.Subject subject = delivery.subject();
    if (!filter.wants(delivery.event(), subject.action())) {
      return "it wants " + String.join(",", filter.events());
    }
    if (!filter.wantsRepository(subject.repository())) {
      return "repository: " + filter.repository();
    }
    return route != null && route.getEndpoint() instanceof GitHubWebhookEndpoint endpoint
        ? endpoint.keptAwayBy(delivery)
        : null;
  }

  private End run(RehearsedAttempt attempt, RehearsalLog.Reader reader)
      throws InterruptedException {
    long until = System.nanoTime() + longest.toNanos();
    reader
        .settings()
        .executor()
        .execute(
            () -> {
              try {
                reader.handler().handle(attempt);
              } catch (RuntimeException | Error e) { // a route may do anything
                attempt.failed(e);
              }
            });
    try {
      End end = attempt.end().get(longest.toNanos(), TimeUnit.NANOSECONDS);
      awaitQuiet(until);
      return end;
    } catch (TimeoutException e) {
      return new End(Verdict.NOT_ENDED, null);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Beside the attempt, a wire tap or a queue may have work left. */
  private void awaitQuiet(long until) throws InterruptedException {
    for (int seen = 0; seen < 2 && System.nanoTime() < until; ) {
      seen = stage.isQuiet() ? seen + 1 : 0;
      if (seen < 2) {
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }

  @Override
  public void close() {
    files.close();
    stage.close();
  }
}
