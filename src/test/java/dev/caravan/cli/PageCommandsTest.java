package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** Each command that a page, a setting's comment or an alert shows is one that there is. */
class PageCommandsTest {
  private static final List<Path> DIRECTORIES =
      List.of(Path.of("docs"), Path.of("routes"), Path.of("packaging"));
  private static final List<Path> FILES =
      List.of(Path.of("README.md"), Path.of("UPGRADING.md"), Path.of("application.properties"));

  private static final String PROGRAM =
      "(?:\\./caravan|caravan|java -jar caravan\\.jar) ((?:--)?[a-z]";

  /** A line of a block of code, code within a sentence, or the end of a sentence without code. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)^ {4,}(?:\\$ |[A-Z_]+=\\S+ )*%1$s.*)|`%1$s[^`]*)`|: %1$s[^`\"\\n]*)"
              .formatted(PROGRAM));

  /** What follows the arguments: a comment, another command, the next sentence. */
  private static final Pattern END = Pattern.compile("\\s+(?:#|\\||&&|>|\\\\).*|\\.(?: .*)?$|;$");

  private static final Pattern ARGUMENT = Pattern.compile("'[^']*'|\"[^\"]*\"|\\S+");

  @TempDir Path directory;

  @Test
  void eachCommandAndOptionIsThere() throws IOException {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (Path page : pages()) {
      Matcher command = COMMAND.matcher(Files.readString(page));
      while (command.find()) {
        count++;
        try {
          parse(arguments(command));
        } catch (MissingParameterException e) {
          // within a sentence: `caravan log backup` is spoken of
        } catch (ParameterException e) {
          wrong.add("%s: %s: %s".formatted(page, command.group().strip(), e.getMessage()));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(count).isGreaterThan(150);
  }

  @Test
  void whatASpoolKeepsIsListedOnANodeWhoseLogIsInADatabase() throws IOException {
    try (SqliteDeliveryLog spool =
        SqliteDeliveryLog.open(directory.resolve("data/spool"), TestLog.OPTIONS)) {
      spool.append(TestLog.push("acme/rocket")).join();
    }
    Map<String, String> node =
        Map.of(
            "CARAVAN_LOG", "postgresql://caravan@127.0.0.1:1/caravan",
            "CAMEL_MANAGEMENT_PORT", "0",
            "CARAVAN_LOG_SPOOL", "on");
    Matcher command = COMMAND.matcher(Files.readString(Path.of("docs/operations.md")));
    int count = 0;
    while (command.find()) {
      List<String> arguments = List.of(arguments(command));
      if (arguments.contains("data/spool") && !arguments.contains("dead-letter")) {
        Invocation list = Invocation.of(node, directory, arguments.toArray(String[]::new));
        assertThat(list.out()).as(arguments + list.err()).contains("acme/rocket");
        count++;
      }
    }
    assertThat(count).isOne();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(FILES);
    for (Path each : DIRECTORIES) {
      try (Stream<Path> files = Files.walk(each)) {
        files
            .filter(file -> file.toString().matches(".*\\.(md|ya?ml|properties)"))
            .filter(file -> !file.startsWith("docs/decisions"))
            .forEach(pages::add);
      }
    }
    return pages;
  }

  private static String[] arguments(Matcher command) {
    String written =
        IntStream.rangeClosed(1, command.groupCount())
            .mapToObj(command::group)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    return ARGUMENT
        .matcher(END.matcher(written).replaceFirst(""))
        .results()
        .map(argument -> argument.group().replaceAll("^['\"]|['\"]$", ""))
        .filter(argument -> !argument.equals("…"))
        .toArray(String[]::new);
  }

  private static void parse(String... arguments) {
    CommandLine line =
        CaravanCommand.commandLine(
            Map.of(), Path.of(""), OutputStream.nullOutputStream(), Invocation.NOBODY, arguments);
    line.parseArgs(arguments);
  }
}
