package dev.caravan.rehearsal;

import dev.caravan.log.subscription.NamePatterns;
import dev.caravan.rehearsal.stage.Send;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that a test expects to be sent.
 *
 * @param written the address as the test says it, of which {@code to} is the pattern
 * @param method of an HTTP call; null for any
 * @param contains texts that are in the body
 * @param headers values by name; null for a header that is not to be there
 */
public record ExpectedSend(
    String written,
    NamePatterns to,
    @Nullable String method,
    List<String> contains,
    Map<String, @Nullable String> headers) {

  /** Whether it is that, as far as address and method tell. */
  boolean isMeant(Send send) {
    return to.want(send.to()) && (method == null || method.equalsIgnoreCase(send.method()));
  }

  /** How a send differs from what is expected. */
  List<String> differences(Send send) {
    List<String> differences = new ArrayList<>();
    for (String text : contains) {
      if (!send.body().contains(text)) {
        differences.add("its body does not contain '%s'".formatted(text));
      }
    }
    headers.forEach(
        (name, value) -> {
          String found = send.headers().get(name);
          if (value == null ? found != null : !value.equals(found)) {
            differences.add(
                "its header %s is %s, not %s".formatted(name, quoted(found), quoted(value)));
          }
        });
    return differences;
  }

  @Override
  public String toString() {
    return method == null ? written : method + " " + written;
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "missing" : "'" + value + "'";
  }
}
