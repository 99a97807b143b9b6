package dev.caravan.ingress.request;

import java.util.Map;

/**
 * Why a request was not accepted: few and fixed reasons, so that a client cannot make up new ones.
 */
public enum RefusalReason {
  /** Its address is not in {@code caravan.allow}. */
  ADDRESS,
  /** It asked for another path than the hook's. */
  PATH,
  /** It was no POST. */
  METHOD,
  /** Its content type was neither JSON nor form. */
  CONTENT_TYPE,
  /** Its payload was too large. */
  TOO_LARGE,
  /** Its body was not complete in time. */
  TOO_SLOW,
  /** Its signature was missing or wrong, or its secret may not sign it. */
  SIGNATURE,
  /** It was signed, but is not a delivery. */
  MALFORMED,
  /** There was no memory for its body. */
  BUSY,
  /** The program was stopping. */
  STOPPING,
  /** The log could not write it. */
  NOT_STORED;

  /** How many of the refused were probably deliveries, which GitHub does not send again. */
  public static long turnedAway(Map<RefusalReason, Long> refused) {
    return refused.getOrDefault(BUSY, 0L)
        + refused.getOrDefault(NOT_STORED, 0L)
        + refused.getOrDefault(TOO_SLOW, 0L);
  }
}
