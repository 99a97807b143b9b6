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
    return cut(plain(text(error)).replaceAll("\\.+$", ""), LONGEST);
  }

  /** The same, but a full stop stays, and it may be as long as that. */
  public static String line(Throwable error, int longest) {
    return line(text(error), longest);
  }

  /** A text in one line, without passwords of addresses; what is longer is cut. */
  public static String line(String text, int longest) {
    return cut(plain(text), longest);
  }

  private static String text(Throwable error) {
    String message = error.getMessage();
    String kind = error.getClass().getSimpleName();
    return message == null || message.isBlank() ? kind : kind + ": " + message;
  }

  private static String plain(String text) {
    return WithoutCredentials.of(text).strip().replaceAll("\\p{Cntrl}+", " ");
  }

  private static String cut(String line, int longest) {
    return line.length() <= longest ? line : line.substring(0, longest) + "…";
  }
}
