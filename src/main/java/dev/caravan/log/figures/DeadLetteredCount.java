package dev.caravan.log.figures;

/**
 * How many deliveries became dead letters for one kind of reason since the log was opened.
 *
 * @param error the kind of their errors, in a word or two
 */
public record DeadLetteredCount(String subscription, String error, long count) {
  /** Kinds of errors of one subscription that are told apart: each is a series to who watches. */
  public static final int MOST_KINDS = 20;

  /** What all further kinds count as. */
  public static final String OTHER = "other";
}
