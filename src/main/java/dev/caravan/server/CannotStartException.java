package dev.caravan.server;

import dev.caravan.ingress.port.CannotListenException;
import dev.caravan.libraries.MissingLibrary;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.PropertyBindingException;

/** The program cannot start. The message says why and what to do, in words for its user. */
public final class CannotStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Pattern MISSING_SERVICE =
      Pattern.compile("Cannot find (\\w+) on classpath\\. Add (camel-[\\w-]+) to classpath");

  CannotStartException(String message) {
    super(message);
  }

  CannotStartException(String message, Throwable cause) {
    super(message, cause);
  }

  static CannotStartException because(Throwable cause) {
    return new CannotStartException(sentence(cause), cause);
  }

  /** The message that is meant for the user; those around it only say that something failed. */
  static String sentence(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && !isForTheUser(cause)) {
      cause = cause.getCause();
    }
    if (cause instanceof PropertyBindingException setting && setting.getOptionKey() != null) {
      // Its own message contains the value, which may be a password.
      return "Camel has no setting %s, or cannot use its value. Look it up in Camel's documentation."
          .formatted((setting.getOptionPrefix() + "." + setting.getOptionKey()).replace("..", "."));
    }
    return cause.getMessage() == null ? cause.toString() : withCommand(cause.getMessage());
  }

  /** Adds the command to Camel's message about a missing service that the settings turn on. */
  private static String withCommand(String message) {
    Matcher missing = MISSING_SERVICE.matcher(message);
    return missing.find()
        ? "Camel's settings turn on what is missing (%s). %s"
            .formatted(missing.group(1), MissingLibrary.add(missing.group(2)))
        : message;
  }

  private static boolean isForTheUser(Throwable error) {
    return error instanceof CannotListenException
        || error instanceof PropertyBindingException
        || error instanceof IllegalStateException;
  }
}
