package dev.caravan.cli;

import dev.caravan.wording.NearNames;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a mistyped command or option was most likely meant to be. */
final class Suggestions {
  private Suggestions() {}

  /** The names that differ by few letters from the first unknown argument. */
  static List<String> of(UnmatchedArgumentException failure) {
    CommandLine command = failure.getCommandLine();
    String path = command.getCommandSpec().qualifiedName();
    String word = failure.getUnmatched().get(0);
    Stream<String> known =
        failure.isUnknownOption()
            ? command.getCommandSpec().optionsMap().keySet().stream()
                .filter(name -> name.startsWith("--"))
            : command.getSubcommands().keySet().stream();
    return NearNames.of(word, known).stream()
        .map(name -> name.startsWith("--") ? name : path + " " + name)
        .toList();
  }
}
