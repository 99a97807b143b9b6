package dev.caravan.webhook;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;

/**
 * Which failures trying again would not mend: HTTP statuses by which a destination says that the
 * request itself is at fault.
 */
record NoRetry(Set<Integer> statuses) {

  /**
   * Reads a comma list of statuses; an empty text for none.
   *
   * @throws IllegalArgumentException with a sentence that names what is no status
   */
  static NoRetry parse(String text) {
    return new NoRetry(
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(status -> !status.isEmpty())
            .map(NoRetry::status)
            .collect(Collectors.toUnmodifiableSet()));
  }

  boolean appliesTo(Throwable cause) {
    HttpOperationFailedException answer =
        ObjectHelper.getException(HttpOperationFailedException.class, cause);
    return answer != null && statuses.contains(answer.getStatusCode());
  }

  private static int status(String text) {
    if (!text.matches("[345]\\d\\d")) {
      throw new IllegalArgumentException(
          "noRetryOn has '%s', which is not an HTTP status. Write for instance 400,401,404,410,422."
              .formatted(text));
    }
    return Integer.parseInt(text);
  }
}
