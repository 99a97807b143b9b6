package dev.caravan.webhook.outcome;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;

/**
 * The failures that trying again would not fix: those that a route names in {@code noRetryOn}, and
 * by default the {@link HopelessFailures}.
 */
public final class NoRetry {
  private static final Pattern STATUS = Pattern.compile("[345](\\d\\d|xx)");
  private static final Pattern CLASS =
      Pattern.compile("\\p{Alpha}\\w*(\\.\\p{Alpha}\\w*)*(\\$\\w+)*");

  private final List<Predicate<Throwable>> named = new ArrayList<>();
  private final List<Predicate<Throwable>> exempted = new ArrayList<>();

  private NoRetry() {}

  /**
   * Reads HTTP statuses and names of exceptions, separated by commas; those after {@code !} are
   * retried, and with {@code !*} everything else is.
   *
   * @throws IllegalArgumentException with a sentence that names an item that is neither
   */
  public static NoRetry parse(String text) {
    NoRetry parsed = new NoRetry();
    Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .forEach(
            item -> {
              boolean isExempted = item.startsWith("!");
              (isExempted ? parsed.exempted : parsed.named)
                  .add(failure(isExempted ? item.substring(1).strip() : item, isExempted));
            });
    return parsed;
  }

  public boolean appliesTo(Throwable cause) {
    return matches(named, cause) || (!matches(exempted, cause) && HopelessFailures.include(cause));
  }

  private static boolean matches(List<Predicate<Throwable>> failures, Throwable cause) {
    return failures.stream().anyMatch(failure -> failure.test(cause));
  }

  private static Predicate<Throwable> failure(String item, boolean isExempted) {
    if (STATUS.matcher(item).matches()) {
      return cause -> isAnswer(cause, item);
    }
    if (CLASS.matcher(item).matches()) {
      return cause -> isOfClass(cause, item);
    }
    if (isExempted && item.equals("*")) {
      return cause -> true;
    }
    throw new IllegalArgumentException(
        ("noRetryOn has '%s', which is neither an HTTP status nor the name of an exception."
                + " Write for instance 400,404,IllegalStateException.")
            .formatted(item));
  }

  private static boolean isAnswer(Throwable cause, String status) {
    HttpOperationFailedException answer =
        ObjectHelper.getException(HttpOperationFailedException.class, cause);
    return answer != null
        && Integer.toString(answer.getStatusCode()).matches(status.replace("xx", "\\d\\d"));
  }

  /** Whether it, or a cause of it, is of a class of that name or of a subclass. */
  private static boolean isOfClass(Throwable cause, String name) {
    for (Throwable each : ObjectHelper.createExceptionIterable(cause)) {
      for (Class<?> type = each.getClass(); type != null; type = type.getSuperclass()) {
        if (type.getName().equals(name) || type.getSimpleName().equals(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
