package dev.caravan.cli;

import dev.caravan.config.ProgramName;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/** What to check when a delivery was not accepted. */
final class AnswerAdvice {
  /** How the answer begins when it is not about the signature. */
  private static final String ADDRESS_REFUSED = "This address may not call";

  private final URI target;
  private final SigningSecret secret;

  AnswerAdvice(URI target, SigningSecret secret) {
    this.target = target;
    this.secret = secret;
  }

  /** A sentence or two about an answer other than 202. */
  String on(HookResponse answer) {
    IOException failure = answer.failure();
    if (failure != null) {
      return onSilence(failure);
    }
    return switch (answer.status()) {
      case 400 ->
          """
          The server found a header or the payload malformed; its answer says which. \
          Check EVENT, --delivery and --file.""";
      case 403 ->
          answer.text().startsWith(ADDRESS_REFUSED)
              ? "The server takes no deliveries from this address: see its setting caravan.allow."
              : """
          The signature was made with the secret from %s. The server must use the \
          same one: start it with the same settings, or give send its settings \
          (--config, --data, GITHUB_WEBHOOK_SECRET)."""
                  .formatted(secret.origin());
      case 404 ->
          """
          Nothing is served at %s. The path is the server's setting caravan.path; \
          give send the same settings, or the whole address with --url."""
              .formatted(target.getRawPath());
      case 405 ->
          "The server does not accept POST at %s. Check that the address is the hook's."
              .formatted(target.getRawPath());
      case 408 -> "The payload did not arrive within the server's caravan.body-timeout.";
      case 413 -> "The payload is larger than the server's caravan.max-payload.";
      case 415 ->
          """
          The server accepts neither JSON nor forms at this address, as a hook would. \
          Check that it is Caravan that answers there.""";
      case 503 ->
          """
          The server could not put the delivery on disk, and says why in its log: \
          the disk may be full, or too much is being received at once. Send it again \
          when that is over.""";
      default -> onOther(answer.status());
    };
  }

  private String onSilence(IOException failure) {
    if (isUnknownHost(failure)) {
      return "There is no host %s. Check the address.".formatted(target.getHost());
    }
    if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
      return "Nothing listens at %s. Is the server running? Start it with: %s"
          .formatted(target.getRawAuthority(), ProgramName.with("run"));
    }
    if (failure instanceof HttpTimeoutException) {
      return """
      The server took the delivery but did not answer within %d s, and GitHub would \
      have given up too."""
          .formatted(WebhookRequest.TIMEOUT.toSeconds());
    }
    return """
    The connection broke before the answer came (%s). Look at the server's log, \
    and check that the address is plain HTTP or HTTPS as the server speaks it."""
        .formatted(failure.getMessage() == null ? failure.toString() : failure.getMessage());
  }

  private static boolean isUnknownHost(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static String onOther(int status) {
    return switch (status / 100) {
      case 2 -> "Caravan answers 202. Check that it is Caravan that answers at this address.";
      case 3 -> "GitHub does not follow redirects. Name the final address with --url.";
      default ->
          """
          That is not an answer of Caravan's. Check what else may answer at this address, \
          such as a proxy.""";
    };
  }
}
