package dev.caravan.rehearsal;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.history.DeliveryPage;
import dev.caravan.log.history.DeliveryQuery;
import dev.caravan.log.history.DeliverySummary;
import dev.caravan.rehearsal.stage.Send;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.routes.problem.RouteProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Gives deliveries of the log to a candidate for a route file and to the routes as they run, and
 * reports what each does with them, as long as the time and the memory for an answer last.
 */
final class Comparison {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final String OVER = "Stopped here: the limit of two minutes was reached.";
  private static final int PAGE = 100;
  private static final int LONGEST_BODY = 2_048;

  /** A larger payload might take more memory than there is: nothing here waits for memory. */
  private static final int LARGEST = 2 << 20;

  /** Characters of everything that is sent, for all deliveries together. */
  private static final long MOST_KEPT = 4L << 20;

  /** A route that hangs with each delivery would take the whole time. */
  private static final int MOST_NOT_ENDED = 3;

  private final RehearsalContexts contexts;
  private final Path directory;
  private final DeliveryHistory history;
  private final Supplier<Map<String, String>> running;

  Comparison(
      RehearsalContexts contexts,
      Path directory,
      DeliveryHistory history,
      Supplier<Map<String, String>> running) {
    this.contexts = contexts;
    this.directory = directory;
    this.history = history;
    this.running = running;
  }

  /**
   * Gives the deliveries to both, one by one.
   *
   * @param file the candidate's name
   * @param text of the candidate
   * @param query the deliveries, of which the newest count
   * @param most how many
   * @param rows gets the result of each
   * @return what keeps the answer from being whole, else an empty text
   */
  String give(
      String file, String text, DeliveryQuery query, int most, Consumer<ComparedDelivery> rows)
      throws IOException, InterruptedException {
    Map<String, String> asItRuns = running.get();
    Map<String, String> instead = new LinkedHashMap<>();
    instead.put(file, text); // first: where it takes an id, that counts
    asItRuns.forEach(instead::putIfAbsent);
    try (Rehearsal candidate = new Rehearsal(contexts, directory, instead, LONGEST_BODY);
        Rehearsal current = new Rehearsal(contexts, directory, asItRuns, LONGEST_BODY)) {
      Set<String> files = candidate.withUsers(current.withUsers(Set.of(file)));
      Map<String, RouteProblem> problems = problems(candidate);
      problems.keySet().retainAll(instead.keySet());
      if (problems.containsKey(file)) {
        return "It cannot run. " + problems.get(file);
      }
      for (String user : files) {
        if (problems.containsKey(user)) {
          return "With it %s could not run. %s".formatted(user, problems.get(user));
        }
      }
      List<RunningRoute> routes =
          candidate.routes().stream().filter(route -> files.contains(route.file())).toList();
      if (!routes.isEmpty()) {
        return give(query, most, rows, candidate, routes, current);
      }
      return candidate.files().stream()
              .anyMatch(each -> each.name().equals(file) && each.isShared())
          ? "No route that receives deliveries uses what it offers."
          : "It receives no deliveries: none of its running routes starts with github-webhook.";
    }
  }

  private static Map<String, RouteProblem> problems(Rehearsal rehearsal) {
    Map<String, RouteProblem> problems = new TreeMap<>();
    for (RouteFile file : rehearsal.files()) {
      if (file.problem() != null) {
        problems.put(file.name(), file.problem());
      }
    }
    return problems;
  }

  private String give(
      DeliveryQuery asked,
      int most,
      Consumer<ComparedDelivery> rows,
      Rehearsal candidate,
      List<RunningRoute> routes,
      Rehearsal current)
      throws InterruptedException {
    long until = System.nanoTime() + LONGEST.toNanos();
    DeliveryQuery query = asked;
    long kept = 0;
    int given = 0;
    int left = 0;
    int notEnded = 0;
    String next;
    do {
      DeliveryPage page = history.list(query, Math.min(PAGE, most - given - left));
      for (DeliverySummary summary : page.deliveries()) {
        Delivery delivery =
            summary.payloadLength() > LARGEST ? null : history.at(summary.position()).orElse(null);
        if (delivery == null) {
          left++;
          continue;
        }
        List<ComparedDelivery.Told> told = new ArrayList<>();
        for (RunningRoute route : routes) {
          ComparedDelivery.Told each = told(summary, delivery, candidate, route, current);
          told.add(each);
          kept += length(each);
          notEnded += each.candidate().verdict() == Verdict.NOT_ENDED ? 1 : 0;
        }
        rows.accept(new ComparedDelivery(summary, told));
        given++;
        if (kept > MOST_KEPT) {
          return "Stopped here: what these deliveries send is as much as one answer can hold. Ask about fewer.";
        }
        if (notEnded >= MOST_NOT_ENDED) {
          return "Stopped here: routes did not finish three times.";
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
    } while (next != null && given + left < most);
    return left == 0
        ? ""
        : "%d more are left out: their payloads are larger than 2 MiB, or no longer kept."
            .formatted(left);
  }

  private static ComparedDelivery.Told told(
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
    return new ComparedDelivery.Told(
        candidate.give(delivery, route, List.of()),
        now,
        summary.outcomes().stream()
            .filter(outcome -> outcome.subscription().equals(route.subscription()))
            .findFirst()
            .orElse(null));
  }

  private static long length(ComparedDelivery.Told told) {
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
}
