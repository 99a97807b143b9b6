package dev.caravan.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks the running server one thing, and prints the answer. */
abstract class ServerQuestion implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ServerAccess server = OpenLog.server(settings)) {
      JsonObject answer = ask(server);
      if (json) {
        out.println(answer.encodePrettily());
      } else {
        print(answer, out);
      }
      return exitCode(answer);
    }
  }

  abstract JsonObject ask(ServerAccess server);

  /** Prints the answer for people. */
  abstract void print(JsonObject answer, PrintWriter out);

  /** 0, unless the answer says that something failed. */
  int exitCode(JsonObject answer) {
    return ExitCode.OK;
  }
}
