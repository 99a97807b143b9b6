package dev.caravan.rehearsal.stage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint that leads out of the program would have been sent.
 *
 * @param route in which that was
 * @param method of an HTTP call, else null
 * @param to the address: of an HTTP call what the message makes of it, else the endpoint's
 * @param headers those that would travel, and Camel's own that say how
 * @param body its beginning, as text
 * @param size of the whole body in bytes
 * @param digest of the whole body, to tell two bodies apart
 */
public record Send(
    String route,
    @Nullable String method,
    String to,
    Map<String, String> headers,
    String body,
    long size,
    String digest) {

  /** Whether the other is the same to its receiver. */
  public boolean isLike(Send other) {
    return to.equals(other.to)
        && String.valueOf(method).equals(String.valueOf(other.method))
        && headers.equals(other.headers)
        && digest.equals(other.digest);
  }

  /** Method and address. */
  public String address() {
    return method == null ? to : method + " " + to;
  }
}
