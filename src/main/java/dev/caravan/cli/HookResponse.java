package dev.caravan.cli;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one delivery.
 *
 * @param status the HTTP status, or 0 when there was no answer
 * @param text the answer's body; empty when there was no answer
 * @param failure why there was no answer
 * @param time from sending to the answer's end
 */
record HookResponse(int status, String text, @Nullable IOException failure, Duration time) {
  private static final int LONGEST_TEXT = 300;

  /** Status and body in one line, whatever the body contains. */
  String summary() {
    if (status == 0) {
      return "No answer";
    }
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    if (line.length() > LONGEST_TEXT) {
      line = line.substring(0, LONGEST_TEXT) + "...";
    }
    return (status + " " + line).strip();
  }
}
