package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * Bytes that somebody sends who means no good.
 *
 * @param name what is wrong with them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Attack(String name, byte[] bytes) {
  static final String LINE = "POST /hooks/handle_github HTTP/1.1";

  static Attack of(String name, String text) {
    return new Attack(name, text.getBytes(ISO_8859_1));
  }

  /** Named by its first line. */
  static Attack of(String text) {
    return of(text.lines().findFirst().orElse("nothing"), text);
  }

  /** The lines of a push of that body, well signed, up to and without the empty line. */
  static String head(String firstLine, String guid, byte[] body, String... more) {
    return String.join(
            "\r\n",
            firstLine,
            "Host: x",
            "Content-Type: application/json",
            "X-GitHub-Event: push",
            "X-GitHub-Delivery: " + guid,
            "X-Hub-Signature-256: " + Post.signature(body))
        + "\r\n"
        + String.join("", List.of(more).stream().map(line -> line + "\r\n").toList());
  }

  /** A push of {@code {}} that would be taken, were it not for those lines in its head. */
  static String push(String firstLine, String guid, String... more) {
    byte[] body = "{}".getBytes(UTF_8);
    return head(firstLine, guid, body, more) + "Content-Length: 2\r\n\r\n{}";
  }

  @Override
  public String toString() {
    return name;
  }
}
