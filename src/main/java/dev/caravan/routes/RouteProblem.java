package dev.caravan.routes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a route file cannot run: what Camel throws about it, as one sentence.
 *
 * @param message one line
 * @param line of the file, where Camel knows it, else null
 */
public record RouteProblem(String message, @Nullable Integer line) {
  private static final Pattern LINE = Pattern.compile("line (\\d{1,9})");
  private static final int LONGEST = 600;

  static RouteProblem of(Throwable error) {
    Throwable deepest = error;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    String message = sentence(deepest);
    return new RouteProblem(
        message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…", line(error));
  }

  /** The sentence, with the line in front unless it is in there. */
  @Override
  public String toString() {
    return line == null || message.contains("line " + line)
        ? message
        : "line " + line + ": " + message;
  }

  /** The last that is named: YAML's reader names first where the part began that it was in. */
  private static @Nullable Integer line(Throwable error) {
    Integer line = null;
    for (Throwable cause = error; cause != null && line == null; cause = cause.getCause()) {
      Matcher matcher = LINE.matcher(String.valueOf(cause.getMessage()));
      while (matcher.find()) {
        line = Integer.valueOf(matcher.group(1));
      }
    }
    return line;
  }

  private static String sentence(Throwable error) {
    String message = error.getMessage();
    return message == null || message.isBlank()
        ? error.getClass().getSimpleName()
        : message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
