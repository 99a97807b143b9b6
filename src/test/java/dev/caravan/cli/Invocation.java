package dev.caravan.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** A run of the command line and what it left behind. */
record Invocation(int exitCode, String out, String err) {

  static Invocation of(Map<String, String> environment, Path directory, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        CaravanCommand.commandLine(environment, directory)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int exitCode = commandLine.execute(args);
    return new Invocation(exitCode, out.toString(), err.toString());
  }
}
