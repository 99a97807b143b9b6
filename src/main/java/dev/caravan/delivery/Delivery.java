package dev.caravan.delivery;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event as GitHub posted it: who it is about, GitHub's headers, and the exact bytes that were
 * signed.
 *
 * <p>The body array and the header map are not copied; whoever holds a delivery must not change
 * them.
 *
 * <p>Two deliveries are never compared as values, so the array is no trap here.
 *
 * @param guid GitHub's {@code X-GitHub-Delivery}, the same again when GitHub redelivers
 * @param event GitHub's {@code X-GitHub-Event}, such as {@code push}
 * @param receivedAt when its first byte was read, by this machine's clock
 * @param headers the request's headers worth keeping, under GitHub's names: GitHub's own, the
 *     signatures and {@code Content-Type}
 * @param encoding how the payload lies in {@code body}
 * @param body the request's body as it arrived
 */
@SuppressWarnings("ArrayRecordComponent")
public record Delivery(
    String guid,
    String event,
    Subject subject,
    Instant receivedAt,
    Map<String, String> headers,
    Encoding encoding,
    byte[] body) {

  /** GitHub's two content types for a hook: the payload itself, or a form with it in a field. */
  public enum Encoding {
    JSON,
    FORM
  }

  /**
   * What the payload says it is about. Every part is absent when the payload does not have it:
   * organisation hooks know no repository, App events only an installation. Absent too is a value
   * that cannot be a name: empty, over 256 characters, or with control or formatting characters in
   * it; so these values can be printed as they are.
   *
   * @param action the payload's {@code action}, such as {@code opened}
   * @param repository {@code repository.full_name}
   * @param organization {@code organization.login}
   * @param installation {@code installation.id}
   * @param sender {@code sender.login}
   * @param thread what within a repository keeps its own order: {@code #12} for an issue or pull
   *     request, else a ref such as {@code refs/heads/main}
   */
  public record Subject(
      @Nullable String action,
      @Nullable String repository,
      @Nullable String organization,
      @Nullable String installation,
      @Nullable String sender,
      @Nullable String thread) {

    /** A payload that names nothing. */
    public static final Subject NONE = new Subject(null, null, null, null, null, null);

    /** How {@link #thread} spells an issue or pull request. */
    public static String thread(String number) {
      return "#" + number;
    }
  }

  /** The same delivery under that GUID, with those headers. */
  public Delivery with(String otherGuid, Map<String, String> otherHeaders) {
    return new Delivery(otherGuid, event, subject, receivedAt, otherHeaders, encoding, body);
  }

  /** The same delivery, received at that time. */
  public Delivery with(Instant otherTime) {
    return new Delivery(guid, event, subject, otherTime, headers, encoding, body);
  }

  /**
   * Returns the payload, one JSON object in UTF-8: the body itself, or what a form body carries.
   *
   * @throws IllegalArgumentException when a form body has no {@code payload} field, which a
   *     delivery from the ingress never has
   */
  public byte[] payload() {
    return encoding == Encoding.JSON ? body : FormBody.payload(body);
  }
}
