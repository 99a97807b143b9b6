package dev.caravan.log.shipping;

import dev.caravan.logging.ErrorSentence;
import java.io.FileNotFoundException;
import java.io.IOException;

/** Says what went wrong with a copy, as part of a sentence. */
public final class CopyFailure {
  private CopyFailure() {}

  /** The failure's message; with its class, unless the message is one of ours. */
  public static String of(Throwable failure) {
    String message = failure.getMessage();
    boolean isOurs =
        failure.getClass().equals(IOException.class)
            || failure instanceof FileNotFoundException
            || failure.getClass().getPackageName().startsWith("dev.caravan");
    return message != null && isOurs
        ? ErrorSentence.line(message, 500).replaceAll("\\.+$", "")
        : ErrorSentence.of(failure);
  }
}
