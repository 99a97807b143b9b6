package dev.caravan.log.dispatch.attempts;

import dev.caravan.log.figures.DeadLetteredCount;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kind of an error, in a word or two: there are few kinds, whatever the errors say about hosts,
 * numbers and payloads.
 */
final class ErrorClass {
  static final String EXPIRED = "expired";

  /** The simple name of what was thrown, with which an error's sentence begins. */
  private static final Pattern THROWN =
      Pattern.compile("([A-Z][A-Za-z0-9_]{2,59}(?:Exception|Error|Failure|Fault|Timeout))\\b");

  private static final Pattern STATUS = Pattern.compile("statusCode: ([1-5][0-9]{2})\\b");

  private ErrorClass() {}

  /** Such as {@code HttpOperationFailedException 503}, {@code ConnectException}. */
  static String of(String error) {
    if (error.startsWith(OutcomeRule.EXPIRED)) {
      return EXPIRED;
    }
    Matcher thrown = THROWN.matcher(error);
    if (!thrown.find()) {
      return DeadLetteredCount.OTHER;
    }
    Matcher status = STATUS.matcher(error);
    return status.find() ? thrown.group(1) + " " + status.group(1) : thrown.group(1);
  }
}
