package dev.caravan.cli;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What surrounds a command: environment, working directory, and the person at the terminal. */
interface Surroundings {
  /** The environment of the process. */
  Map<String, String> environment();

  /** Gets answers that are not text. */
  OutputStream bytes();

  /** The person who can be asked. */
  Person person();

  /** A path as the user wrote it, seen from the working directory. */
  Path resolve(String path);

  /** The surroundings of a command. */
  static Surroundings of(CommandSpec command) {
    return (Surroundings) command.root().userObject();
  }
}
