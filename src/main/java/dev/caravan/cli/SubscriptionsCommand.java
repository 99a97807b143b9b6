package dev.caravan.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how each subscription is doing; pauses and resumes them. */
@Command(
    name = "subscriptions",
    description = "Lists the subscriptions, including those whose route is gone.",
    footer = {
      "",
      "LAG    deliveries that have yet to run for the first time, and OLDEST when the oldest arrived",
      "DUE    deliveries that are to run again (retries, replays, redeliveries), NEXT when that begins",
      "DEAD   dead letters: deliveries that it gave up on",
      "",
      "A lag of 0 says that each has been tried once. Only with nothing due is nothing left to do."
    },
    subcommands = {
      SubscriptionsCommand.Pause.class,
      SubscriptionsCommand.Resume.class,
      SubscriptionsCommand.Retry.class
    })
final class SubscriptionsCommand implements Callable<Integer> {
  private static final List<String> HEADINGS =
      List.of("NAME", "STATE", "WANTS", "LAG", "OLDEST", "DUE", "NEXT", "DEAD", "LAST ERROR");

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (LogAccess log = OpenLog.open(settings, spec.commandLine().getErr())) {
      JsonObject answer = log.subscriptions();
      JsonArray subscriptions = answer.getJsonArray("subscriptions");
      if (json) {
        out.println(answer.encodePrettily());
      } else if (subscriptions.isEmpty()) {
        out.println(
            "No subscriptions yet: a route that starts with from: github-webhook: creates one.");
      } else {
        Terminal.table(HEADINGS, subscriptions, SubscriptionsCommand::row).forEach(out::println);
      }
      return ExitCode.OK;
    }
  }

  private static List<String> row(JsonObject subscription) {
    boolean running = subscription.getBoolean("running");
    String error = subscription.getString("lastError");
    return List.of(
        Terminal.plain(subscription.getString("name")),
        (running ? "running" : "idle") + (subscription.getBoolean("paused") ? ", paused" : ""),
        running ? wants(subscription) : "-",
        running ? subscription.getLong("lag").toString() : "-",
        time(subscription.getString("oldestWaiting")),
        subscription.getLong("due").toString(),
        time(subscription.getString("nextDueAt")),
        subscription.getLong("deadLetters").toString(),
        error == null
            ? "-"
            : time(subscription.getString("lastErrorAt")) + " " + Terminal.plain(error));
  }

  private static String wants(JsonObject subscription) {
    String repository = subscription.getString("repository");
    return Terminal.plain(
        subscription.getJsonArray("events").stream()
                .map(String::valueOf)
                .collect(Collectors.joining(","))
            + (repository == null ? "" : " of " + repository));
  }

  private static String time(@Nullable String instant) {
    return instant == null ? "-" : DeliveryTable.time(instant);
  }

  /** Pauses or resumes a subscription. */
  private abstract static class Change implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions settings;

    @Parameters(paramLabel = "NAME", description = "The name of the subscription.")
    private String name = "";

    private final boolean paused;

    Change(boolean paused) {
      this.paused = paused;
    }

    @Override
    public Integer call() {
      try (LogAccess log = OpenLog.open(settings, spec.commandLine().getErr())) {
        log.pause(name, paused);
        spec.commandLine()
            .getOut()
            .println(Terminal.plain(name) + (paused ? " is paused." : " is resumed."));
        return ExitCode.OK;
      }
    }
  }

  /** Hands it no more deliveries. */
  @Command(
      name = "pause",
      description = "Stops handing deliveries to a subscription, until it is resumed.")
  static final class Pause extends Change {
    Pause() {
      super(true);
    }
  }

  /** Ends a pause. */
  @Command(name = "resume", description = "Resumes a paused subscription.")
  static final class Resume extends Change {
    Resume() {
      super(false);
    }
  }

  /** Runs its waiting retries now. */
  @Command(name = "retry", description = "Runs a subscription's waiting retries now.")
  static final class Retry implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions settings;

    @Parameters(paramLabel = "NAME", description = "The name of the subscription.")
    private String name = "";

    @Override
    public Integer call() {
      try (LogAccess log = OpenLog.open(settings, spec.commandLine().getErr())) {
        long retried = log.retry(name).getLong("retried");
        spec.commandLine()
            .getOut()
            .println(
                retried == 0
                    ? "Nothing of " + Terminal.plain(name) + " waits for a retry."
                    : "%d of %s %s %s."
                        .formatted(
                            retried,
                            Terminal.plain(name),
                            retried == 1 ? "is" : "are",
                            log.isRunning()
                                ? "retried now"
                                : "retried when the server is started"));
        return ExitCode.OK;
      }
    }
  }
}
