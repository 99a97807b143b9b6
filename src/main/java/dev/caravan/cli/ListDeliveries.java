package dev.caravan.cli;

import dev.caravan.config.ProgramName;
import dev.caravan.management.LogApi;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code caravan deliveries} and {@code caravan deliveries list} do. */
abstract class ListDeliveries implements Callable<Integer> {
  private static final int MOST_OF_ONE_PAGE = LogApi.LARGEST_PAGE;
  private static final long POLL_MILLIS = 500;

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;
  @Mixin private DeliveryFilter filter;

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many to show. Default: ${DEFAULT-VALUE}.")
  private int most;

  @Option(
      names = "--before",
      paramLabel = "POSITION",
      description = "Only older ones; the end of each list says where the next begins.")
  private @Nullable String before;

  @Option(names = "--count", description = "Only show how many there are.")
  private boolean count;

  @Option(names = "--follow", description = "Show new ones as they arrive, until Ctrl-C.")
  private boolean follow;

  @Option(names = "--json", description = "Print JSON; with --follow, one object to a line.")
  private boolean json;

  @Override
  public Integer call() {
    if (most < 1) {
      throw new ParameterException(
          spec.commandLine(), "--most is %d; it must be at least 1.".formatted(most));
    }
    Map<String, String> parameters = filter.parameters();
    if (before != null) {
      parameters.put("before", before);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (LogAccess log = OpenLog.open(settings, spec.commandLine().getErr())) {
      if (count) {
        JsonObject answer = log.count(parameters);
        out.println(json ? answer.encode() : answer.getValue("count"));
      } else if (follow) {
        follow(log, parameters, out);
      } else {
        list(log, parameters, out);
      }
      return ExitCode.OK;
    }
  }

  /** A page of the log may be short although there are more, so this asks until it has enough. */
  private void list(LogAccess log, Map<String, String> parameters, PrintWriter out) {
    List<JsonObject> found = new ArrayList<>();
    String next;
    String end = null;
    do {
      int wanted = Math.min(most - found.size(), MOST_OF_ONE_PAGE);
      parameters.put("most", String.valueOf(wanted));
      JsonObject page = log.deliveries(parameters);
      found.addAll(deliveries(page));
      next = page.getString("next");
      end = end == null ? page.getString("end") : end;
      parameters.put("before", next);
    } while (next != null && found.size() < most);
    if (json) {
      out.println(
          new JsonObject()
              .put("deliveries", new JsonArray(found))
              .put("next", next)
              .put("end", end)
              .encodePrettily());
      return;
    }
    if (found.isEmpty()) {
      out.println("No deliveries.");
    } else {
      DeliveryTable.lines(found).forEach(out::println);
    }
    if (next != null) {
      out.println("Older ones: add --before " + next);
    }
  }

  private void follow(LogAccess log, Map<String, String> parameters, PrintWriter out) {
    if (!log.isRunning()) {
      throw new CommandFailedException(
          "New deliveries need a running server: " + ProgramName.with("run"));
    }
    Map<String, String> first = new LinkedHashMap<>(parameters);
    first.put("most", "1");
    String seen = log.deliveries(first).getString("end");
    while (pause()) {
      Map<String, String> since = new LinkedHashMap<>(parameters);
      since.put("after", seen);
      since.put("most", String.valueOf(MOST_OF_ONE_PAGE));
      List<JsonObject> found = new ArrayList<>();
      String next;
      boolean newest = true;
      do {
        JsonObject page = log.deliveries(since);
        found.addAll(deliveries(page));
        seen = newest ? page.getString("end") : seen;
        newest = false;
        next = page.getString("next");
        since.put("before", next);
      } while (next != null);
      Collections.reverse(found);
      found.forEach(
          delivery -> out.println(json ? delivery.encode() : DeliveryTable.line(delivery)));
      out.flush();
    }
  }

  /** Waits a moment; false when the command must end. */
  private static boolean pause() {
    try {
      Thread.sleep(POLL_MILLIS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static List<JsonObject> deliveries(JsonObject page) {
    return page.getJsonArray("deliveries").stream().map(JsonObject.class::cast).toList();
  }
}
