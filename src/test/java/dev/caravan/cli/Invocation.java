package dev.caravan.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** A run of the command line and what it left behind. */
@SuppressWarnings("ArrayRecordComponent") // only looked at
record Invocation(int exitCode, String out, String err, byte[] bytes) {
  static final Person NOBODY =
      new Person() {
        @Override
        public boolean isThere() {
          return false;
        }

        @Override
        public String answer(String question) {
          throw new AssertionError("Nobody is there to be asked: " + question);
        }
      };

  static Invocation of(Map<String, String> environment, Path directory, String... args) {
    return of(NOBODY, environment, directory, args);
  }

  /** With somebody at the terminal. */
  static Invocation of(
      Person person, Map<String, String> environment, Path directory, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CommandLine commandLine =
        CaravanCommand.commandLine(environment, directory, bytes, person, args)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int exitCode = commandLine.execute(args);
    return new Invocation(exitCode, out.toString(), err.toString(), bytes.toByteArray());
  }
}
