package dev.caravan.cli;

import dev.caravan.server.CopiedLog;
import dev.caravan.wording.Count;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies a log from a data directory into a database, or back. */
@Command(
    name = "copy",
    description = {
      "Copies a whole delivery log, from a data directory into PostgreSQL or back: deliveries, their"
          + " outcomes, dead letters, and how far each subscription is. Then it reads every",
      "payload of the copy and compares it with its checksum. Stop every Caravan on both first. A copy that was interrupted continues when it is started again."
    })
final class LogCopyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions options;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "LOG",
      description = "A data directory, or a URL such as postgresql://caravan@db1/caravan.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "LOG",
      description = "The same; empty, or what an interrupted copy has left.")
  private String to = "";

  @Override
  public Integer call() {
    System.setProperty("caravan.log.target", "SYSTEM_ERR"); // log lines are no part of the answer
    PrintWriter out = spec.commandLine().getOut();
    long began = System.nanoTime();
    CopiedLog copied;
    try (ProgressLine progress = ProgressLine.on(spec.commandLine().getErr())) {
      copied = CopiedLog.copy(options.read(), place(from), place(to), progress::part);
    }
    out.println(
        Terminal.plain(
            "Copied %s in %s, and read %s of the copy: %s."
                .formatted(
                    Count.of(copied.deliveries(), "delivery"),
                    ProgressLine.seconds(began),
                    Count.of(copied.payloads(), "payload"),
                    copied.damaged() == 0
                        ? "all are what was sent"
                        : "%,d are not what was sent".formatted(copied.damaged()))));
    if (copied.replays() > 0) {
      out.println(
          "Replays that had not found all of their deliveries: %,d. They are not copied: start them again."
              .formatted(copied.replays()));
    }
    return copied.damaged() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private String place(String text) {
    return text.contains("://") ? text : options.resolve(text).toString();
  }
}
