package dev.caravan.routes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns what Camel throws about a route file into one sentence, with the line where it knows it.
 */
final class RouteProblem {
  private static final Pattern LINE = Pattern.compile("line (\\d+)");
  private static final int LONGEST = 600;

  private RouteProblem() {}

  static String of(Throwable error) {
    Throwable deepest = error;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    String message = sentence(deepest);
    String line = line(error);
    String withPlace =
        line == null || message.contains("line " + line)
            ? message
            : "line " + line + ": " + message;
    return withPlace.length() <= LONGEST ? withPlace : withPlace.substring(0, LONGEST) + "…";
  }

  private static @Nullable String line(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      Matcher matcher = LINE.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
    return null;
  }

  private static String sentence(Throwable error) {
    String message = error.getMessage();
    return message == null || message.isBlank()
        ? error.getClass().getSimpleName()
        : message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
