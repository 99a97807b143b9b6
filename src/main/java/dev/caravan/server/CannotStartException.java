package dev.caravan.server;

import dev.caravan.ingress.CannotListenException;
import org.apache.camel.PropertyBindingException;

/** The program cannot start. The message says why and what to do, in words for its user. */
public final class CannotStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotStartException(String message) {
    super(message);
  }

  CannotStartException(String message, Throwable cause) {
    super(message, cause);
  }

  static CannotStartException because(Throwable cause) {
    return new CannotStartException(sentence(cause), cause);
  }

  /** The message meant for the user; those around it only say that something failed to start. */
  static String sentence(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && !isForTheUser(cause)) {
      cause = cause.getCause();
    }
    if (cause instanceof PropertyBindingException setting && setting.getOptionKey() != null) {
      // Its own message has the value, which may be a password.
      return "Camel has no setting %s, or cannot use its value. Look it up in Camel's documentation."
          .formatted((setting.getOptionPrefix() + "." + setting.getOptionKey()).replace("..", "."));
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static boolean isForTheUser(Throwable error) {
    return error instanceof CannotListenException
        || error instanceof PropertyBindingException
        || error instanceof IllegalStateException;
  }
}
