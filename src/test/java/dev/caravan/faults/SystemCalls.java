package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls of a process as strace has written them down, each with the lines at which it
 * began and ended: the order of the lines is the order of time.
 */
final class SystemCalls {
  private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");
  private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. \\w+ resumed>(.*)");
  private static final Pattern CLASSES = Pattern.compile("\\.(jar|class)>");
  private static final String UNFINISHED = " <unfinished ...>";

  private SystemCalls() {}

  /** One call, as strace prints it: {@code fdatasync(12</data/log.db-wal>) = 0}. */
  record Call(int began, int ended, String text) {
    boolean matches(String expression) {
      return Pattern.compile(expression).matcher(text).find();
    }
  }

  /** The command to run a program under, so that its calls come to be in the file. */
  static String[] record(Path file, String calls, String... more) {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/strace")),
        "strace is not installed (apt-get install strace)");
    List<String> command =
        new ArrayList<>(
            List.of("strace", "-D", "-f", "-qq", "-y", "-s", "200", "--seccomp-bpf", "-o"));
    command.addAll(List.of(file.toString(), "-e", "trace=" + calls, "-e", "signal=none"));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  static List<Call> in(Path file) {
    List<Call> calls = new ArrayList<>();
    Map<String, Call> unfinished = new HashMap<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int at = 0; at < lines.size(); at++) {
      Matcher line = LINE.matcher(lines.get(at));
      if (!line.matches() || CLASSES.matcher(lines.get(at)).find()) {
        continue;
      }
      String thread = line.group(1);
      String text = line.group(2);
      Matcher resumed = RESUMED.matcher(text);
      if (text.endsWith(UNFINISHED)) {
        String begun = text.substring(0, text.length() - UNFINISHED.length());
        unfinished.put(thread, new Call(at, at, begun));
      } else if (resumed.matches()) {
        Call begun = unfinished.remove(thread);
        if (begun != null) {
          calls.add(new Call(begun.began(), at, begun.text() + resumed.group(1)));
        }
      } else {
        calls.add(new Call(at, at, text));
      }
    }
    return calls;
  }
}
