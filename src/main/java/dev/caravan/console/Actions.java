package dev.caravan.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.github.ChosenHooks;
import dev.caravan.github.GitHubWork;
import dev.caravan.ingress.Reverified;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import dev.caravan.management.LogAnswer;
import dev.caravan.management.ManagementPages;
import dev.caravan.management.QueryParameters;
import dev.caravan.management.RefusedException;
import dev.caravan.rehearsal.WhatIf;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actions of the pages. Each leaves an audit line that names who did it. */
final class Actions {
  private static final Logger AUDIT = LoggerFactory.getLogger("dev.caravan.audit");

  /** In a form, a payload takes up to three bytes for each of its own. */
  private static final int LARGEST_FORM = 3 * ManagementPages.LARGEST_FIELD;

  private static final int MOST_SELECTED = 100;

  private final ConsoleSources sources;
  private final GitHubWork gitHub;
  private final WhatIf whatIf;

  Actions(ConsoleSources sources, GitHubWork gitHub, WhatIf whatIf) {
    this.sources = sources;
    this.whatIf = whatIf;
    this.gitHub = gitHub;
  }

  void addTo(Router router) {
    add(router, "/actions/replay", this::replay);
    add(router, "/actions/replay-selected", this::replaySelected);
    add(router, "/actions/cancel-replay", this::cancelReplay);
    add(router, "/actions/retry-now", this::retryNow);
    add(router, "/actions/pause", form -> pause(form, true));
    add(router, "/actions/resume", form -> pause(form, false));
    add(router, "/actions/verify-again", form -> verifyAgain());
    add(router, "/actions/send-test", this::sendTest);
    add(
        router,
        "/actions/what-if",
        form -> new Result(WhatIfPages.ask(form, sources, whatIf), WhatIfPages.address(form)));
    add(
        router,
        "/actions/recover",
        form -> atGitHub(form, "get back what is missing", gitHub::recover));
    add(router, "/actions/register", form -> atGitHub(form, "bring into line", gitHub::register));
  }

  /**
   * What an action did.
   *
   * @param done for the audit line
   * @param to the page that shows it
   */
  private record Result(String done, String to) {}

  private void add(Router router, String path, Function<MultiMap, Result> action) {
    router
        .post(path)
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(
            context ->
                context
                    .vertx()
                    .executeBlocking(() -> run(context, action), false)
                    .onSuccess(result -> go(context, result))
                    .onFailure(context::fail));
  }

  private static Result run(RoutingContext context, Function<MultiMap, Result> action) {
    try {
      Result result = action.apply(context.request().formAttributes());
      audit(context, result.done());
      return result;
    } catch (RuntimeException e) {
      RuntimeException refusal = refusal(e);
      audit(context, "failed at " + context.normalizedPath() + ": " + refusal.getMessage());
      throw refusal;
    }
  }

  private static void audit(RoutingContext context, String done) {
    AUDIT.info(
        "{} from {} {}.",
        ConsoleAccess.of(context).name(),
        context.request().remoteAddress().hostAddress(),
        done);
  }

  /** The page's refusal for a failure of the user's or the log's; any other failure as it is. */
  private static RuntimeException refusal(RuntimeException e) {
    Throwable failure = e instanceof CompletionException ? e.getCause() : e;
    int status =
        failure instanceof UnknownSubscriptionException
            ? 404
            : failure instanceof IllegalArgumentException
                ? 400
                : failure instanceof LogUnavailableException ? 503 : 0;
    return status == 0 ? e : new RefusedException(status, String.valueOf(failure.getMessage()));
  }

  private static void go(RoutingContext context, Result result) {
    context.response().setStatusCode(303).putHeader("Location", result.to()).end();
  }

  private Result replay(MultiMap form) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String name : QueryParameters.NAMES) {
      if (value(form, name) != null && !name.equals("subscription")) {
        parameters.put(name, form.get(name));
      }
    }
    if (parameters.isEmpty()) {
      throw new RefusedException(400, "Nothing was selected to replay.");
    }
    DeliveryQuery query = QueryParameters.read(parameters);
    String subscription = value(form, "subscription");
    String what = QueryParameters.inWords(parameters);
    return new Result(startReplay(query, subscription, what), back(form));
  }

  /** Replays what was ticked in a list. */
  private Result replaySelected(MultiMap form) {
    List<String> positions = form.getAll("position");
    if (positions.isEmpty() || positions.size() > MOST_SELECTED) {
      throw new RefusedException(
          400, "Select the deliveries to replay, up to %d.".formatted(MOST_SELECTED));
    }
    String subscription = value(form, "subscription");
    String joined = String.join(",", positions);
    String started = startReplay(DeliveryQuery.ALL.at(joined), subscription, "position " + joined);
    return new Result(started, back(form));
  }

  private String startReplay(DeliveryQuery query, @Nullable String subscription, String what) {
    KnownReplay started =
        sources
            .log()
            .replay(new ReplayRequest(query, subscription, ReplayRequest.PER_SECOND, false), what);
    return "replayed %s to %s (replay %s)"
        .formatted(what, subscription == null ? "all that want it" : subscription, started.id());
  }

  private Result cancelReplay(MultiMap form) {
    String id = String.valueOf(form.get("replay"));
    LogAnswer.replay(sources.log(), id).replay().cancel();
    return new Result("cancelled replay " + id, back(form));
  }

  private Result retryNow(MultiMap form) {
    String name = subscription(form);
    return new Result(
        "retried " + sources.log().retryNow(name) + " of " + name + " that waited", back(form));
  }

  private static String subscription(MultiMap form) {
    String name = value(form, "subscription");
    if (name == null) {
      throw new RefusedException(400, "No subscription was chosen.");
    }
    return name;
  }

  private Result pause(MultiMap form, boolean paused) {
    String name = subscription(form);
    if (paused) {
      sources.log().pause(name);
    } else {
      sources.log().resume(name);
    }
    return new Result((paused ? "paused " : "resumed ") + name, back(form));
  }

  private Result verifyAgain() {
    Reverified result = sources.ingress().verifyRefusedAgain();
    return new Result(
        "verified refused requests again: %d accepted, %d refused, %d failed"
            .formatted(result.accepted(), result.refused(), result.failed()),
        "/refused");
  }

  private Result sendTest(MultiMap form) {
    String event = value(form, "event");
    String payload = value(form, "payload");
    if (event == null || payload == null) {
      throw new RefusedException(400, "A test needs an event and a payload.");
    }
    String guid = sources.ingress().appendTest(event, payload.getBytes(UTF_8)).join();
    return new Result("sent the test delivery " + guid, "/deliveries/" + guid);
  }

  private static Result atGitHub(MultiMap form, String what, Predicate<ChosenHooks> begin) {
    ChosenHooks hooks = GitHubPages.hooks(form);
    String names = String.join(" ", hooks.list());
    if (!begin.test(hooks)) {
      throw new RefusedException(
          409, "Another action at GitHub is still running. Wait for it to finish, then try again.");
    }
    return new Result("began to " + what + " at GitHub: " + names, GitHubPages.address(hooks));
  }

  private static String back(MultiMap form) {
    return LoginPages.target(form.get("back"));
  }

  private static @Nullable String value(MultiMap form, String name) {
    String value = form.get(name);
    return value == null || value.isBlank() ? null : value;
  }
}
