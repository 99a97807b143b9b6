package dev.caravan.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select deliveries, the same for every command that has them. */
final class DeliveryFilter {
  @Option(
      names = "--event",
      paramLabel = "EVENTS",
      description = "Events, such as push or issues.opened,star.")
  private @Nullable String event;

  @Option(
      names = "--repository",
      paramLabel = "GLOB",
      description = "Repositories, such as acme/rocket or 'acme/*'.")
  private @Nullable String repository;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Received at or after: 2026-01-31T08:00:00Z, 2026-01-31 (UTC), or 2h for two hours ago.")
  private @Nullable String from;

  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      description = "Received before; written as for --from.")
  private @Nullable String to;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "Its outcome: waiting, completed, failed (at least once) or dead-letter.")
  private @Nullable String outcome;

  @Option(
      names = "--subscription",
      paramLabel = "NAME",
      description = "The subscription whose outcome that is. Default: any.")
  private @Nullable String subscription;

  @Option(
      names = "--sender",
      paramLabel = "LOGIN",
      description = "The user who caused it, such as ada.")
  private @Nullable String sender;

  @Option(
      names = "--about",
      paramLabel = "TOPIC",
      description =
          "An issue or pull request (77), a commit (its sha or the first 6 digits or more), or a branch or tag (main, refs/tags/v1).")
  private @Nullable String about;

  @Option(
      names = "--error",
      paramLabel = "TEXT",
      description = "Text in the error it was dead-lettered with; a number stands for any number.")
  private @Nullable String error;

  @Option(
      names = "--dead-from",
      paramLabel = "TIME",
      description = "Dead-lettered at or after; written as for --from.")
  private @Nullable String deadFrom;

  @Option(
      names = "--dead-to",
      paramLabel = "TIME",
      description = "Dead-lettered before; written as for --from.")
  private @Nullable String deadTo;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description =
          "Text in the payload, GUID, repository or sender. Reads every payload, so narrow the search down with other options too.")
  private @Nullable String text;

  /** The given options, by the names of the API's parameters; empty for every delivery. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    put(parameters, "event", event);
    put(parameters, "repository", repository);
    put(parameters, "from", from);
    put(parameters, "to", to);
    put(parameters, "outcome", outcome);
    put(parameters, "subscription", subscription);
    put(parameters, "sender", sender);
    put(parameters, "about", about);
    put(parameters, "error", error);
    put(parameters, "dead-from", deadFrom);
    put(parameters, "dead-to", deadTo);
    put(parameters, "text", text);
    return parameters;
  }

  /** The option by which a parameter of the API is given. */
  static String optionFor(String parameter) {
    return parameter.equals("to") ? "--to-time" : "--" + parameter;
  }

  private static void put(Map<String, String> parameters, String name, @Nullable String value) {
    if (value != null) {
      parameters.put(name, value);
    }
  }
}
