package dev.caravan.logging;

import dev.caravan.config.WithoutCredentials;

/** Turns an exception into one line that can be stored, listed and logged. */
public final class ErrorSentence {
  private static final int LONGEST = 500;

  private ErrorSentence() {}

  /**
   * The kind of error and what it says; without passwords of addresses, without control characters,
   * since input may be in it, and without a full stop, since it becomes part of a longer sentence.
   */
  public static String of(Throwable error) {
    String message = error.getMessage();
    String kind = error.getClass().getSimpleName();
    String sentence = message == null || message.isBlank() ? kind : kind + ": " + message;
    String line =
        WithoutCredentials.of(sentence)
            .strip()
            .replaceAll("\\p{Cntrl}+", " ")
            .replaceAll("\\.+$", "");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
