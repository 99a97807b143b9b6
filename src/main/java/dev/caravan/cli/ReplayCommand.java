package dev.caravan.cli;

import dev.caravan.log.subscription.Rate;
import dev.caravan.wording.Count;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs deliveries from the log again. */
@Command(
    name = "replay",
    description = {
      "Runs deliveries from the log again: one by its GUID, or all that match the options.",
      "Without a running server, they run once it is started."
    },
    subcommands = {ReplaysCommand.ListThem.class, ReplaysCommand.Cancel.class})
final class ReplayCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 200;
  private static final long REPORT_MILLIS = 2000;
  private static final long MOST_UNASKED = 1000;

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;
  @Mixin private DeliveryFilter filter;

  @Parameters(
      arity = "0..1",
      paramLabel = "GUID",
      description =
          "X-GitHub-Delivery of the one delivery; GUID/HOOK-ID where several hooks sent different ones.")
  private @Nullable String guid;

  @Option(
      names = "--position",
      paramLabel = "POSITION",
      description = "Which one, when several have the same GUID; also one that is not run.")
  private @Nullable String position;

  @Option(
      names = "--to",
      paramLabel = "SUBSCRIPTION",
      description = "The subscription that gets them. Default: every running one that wants them.")
  private @Nullable String to;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "How many become due: 20 (per second), 0.2/s, 50/m or 10/h. Default: 100.")
  private @Nullable String rate;

  @Option(names = "--dry-run", description = "Only count them.")
  private boolean dryRun;

  @Option(
      names = "--yes",
      description =
          "Do not ask before running more than 1,000. Without a terminal, nobody is asked.")
  private boolean yes;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> parameters = filter.parameters();
    if (guid != null) {
      parameters.put("guid", guid);
    }
    if (position != null) {
      parameters.put("position", position);
    }
    if (parameters.values().stream().allMatch(String::isEmpty)) {
      throw new ParameterException(
          spec.commandLine(),
          "Which deliveries? Name one by its GUID, or some with options such as --event push --from 2h; use --event '*' for all deliveries.");
    }
    parameters.forEach(this::refuseEmpty);
    JsonObject query = new JsonObject();
    parameters.forEach(query::put);
    JsonObject request = new JsonObject().put("query", query).put("dryRun", dryRun);
    if (to != null) {
      request.put("subscription", to);
    }
    if (rate != null) {
      request.put("rate", checkedRate(rate));
    }
    try (LogAccess log = OpenLog.open(settings, spec.commandLine().getErr())) {
      if (guid != null && position == null) {
        mustBeOne(log, guid);
      }
      if (!dryRun && !yes && guid == null && !isMeant(log, request)) {
        throw new CommandFailedException("Nothing is replayed.");
      }
      return say(follow(log, log.replay(request)), log.isRunning());
    }
  }

  /** A script whose variable is empty means something else than it would get without it. */
  private void refuseEmpty(String parameter, String value) {
    if (value.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is empty. Leave it out, or say which deliveries it means."
              .formatted(parameter.equals("guid") ? "GUID" : DeliveryFilter.optionFor(parameter)));
    }
  }

  private String checkedRate(String text) {
    try {
      Rate.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--rate: " + e.getMessage());
    }
  }

  /** Asks the user, if very many would run, whether that is intended. */
  private boolean isMeant(LogAccess log, JsonObject request) throws InterruptedException {
    Person person = Surroundings.of(spec).person();
    if (!person.isThere()) {
      return true;
    }
    JsonObject count = follow(log, log.replay(request.copy().put("dryRun", true)));
    long runs =
        count.getJsonObject("scheduled").stream()
            .mapToLong(entry -> ((Number) entry.getValue()).longValue())
            .sum();
    if (runs <= MOST_UNASKED) {
      return true;
    }
    String answer =
        person.answer(
            "This runs %,d attempts, at %s. Replay them? [y/N] "
                .formatted(runs, rate == null ? "100/s" : rate));
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  /** Refuses an ambiguous GUID: the copies of one event for two Apps are two deliveries. */
  private static void mustBeOne(LogAccess log, String guid) {
    List<String> names =
        log.deliveries(Map.of("guid", guid)).getJsonArray("deliveries").stream()
            .map(JsonObject.class::cast)
            .filter(delivery -> !delivery.getBoolean("differsFromFirst"))
            .map(delivery -> Terminal.plain(delivery.getString("name")))
            .sorted()
            .toList();
    if (names.size() > 1) {
      throw new CommandFailedException(
          "%d hooks sent deliveries of their own under this GUID. Name one: %s."
              .formatted(names.size(), String.join(", ", names)));
    }
  }

  private JsonObject follow(LogAccess log, JsonObject started) throws InterruptedException {
    JsonObject progress = started;
    long reportAt = System.nanoTime() + REPORT_MILLIS * 1_000_000;
    while ("running".equals(progress.getString("state"))) {
      Thread.sleep(POLL_MILLIS);
      progress = log.progress(started.getString("id"));
      if (System.nanoTime() - reportAt >= 0) {
        spec.commandLine().getErr().println("... " + sum(progress) + " so far");
        reportAt = System.nanoTime() + REPORT_MILLIS * 1_000_000;
      }
    }
    return progress;
  }

  private int say(JsonObject end, boolean isRunning) {
    PrintWriter out = spec.commandLine().getOut();
    String error = end.getString("error");
    boolean isMissing = end.getLong("matched") == 0 && guid != null && error == null;
    if (json) {
      out.println(end.encodePrettily());
    } else if (!isMissing) {
      lines(end, dryRun, isRunning).forEach(out::println);
    }
    if (isMissing) {
      throw new CommandFailedException(
          "There is no delivery %s%s in the log."
              .formatted(guid, filter.parameters().isEmpty() ? "" : " of that kind"));
    }
    if (error != null) {
      spec.commandLine().getErr().println(error);
    }
    return "done".equals(end.getString("state")) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  static List<String> lines(JsonObject end, boolean dryRun, boolean isRunning) {
    List<String> lines = new ArrayList<>();
    lines.add(sum(end) + ".");
    String scheduled =
        end.getJsonObject("scheduled").stream()
            .filter(entry -> !entry.getValue().toString().equals("0"))
            .map(entry -> Terminal.plain(entry.getKey()) + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    lines.add(
        (dryRun ? "Would run:   " : "Scheduled:   ") + (scheduled.isEmpty() ? "none" : scheduled));
    addCount(
        lines,
        "Waiting:     %d left alone, since they are running or have yet to run",
        end.getLong("alreadyWaiting"));
    addCount(
        lines, "Not wanted:  %d, by none of the subscriptions asked", end.getLong("notWanted"));
    addCount(lines, "Not kept:    %d, whose bodies are gone", end.getLong("notKept"));
    String last = end.getString("lastDueAt");
    if ("cancelled".equals(end.getString("state"))) {
      lines.add(
          "The replay was cancelled. What has not begun to run is taken back; caravan replay list says how much.");
    } else if (last != null) {
      lines.add(
          isRunning
              ? "The last is due at " + DeliveryTable.time(last) + "."
              : "They run as soon as a server with the route is running.");
    }
    return lines;
  }

  private static String sum(JsonObject progress) {
    return Count.of(progress.getLong("matched"), "delivery") + " found";
  }

  private static void addCount(List<String> lines, String format, long count) {
    if (count > 0) {
      lines.add(format.formatted(count));
    }
  }
}
