package dev.caravan.log.figures;

/**
 * How many deliveries became dead letters with one kind of error since the log was opened.
 *
 * @param error the kind of their errors, in a word or two
 */
public record DeadLetteredCount(String subscription, String error, long count) {
  /** The most kinds of errors counted for a subscription: each is a time series in the metrics. */
  public static final int MOST_KINDS = 20;

  /** What all further kinds count as. */
  public static final String OTHER = "other";
}
