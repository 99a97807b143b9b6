package dev.caravan.webhook;

/** What the {@code payload} option makes of a delivery's body. */
enum PayloadForm {
  /** The payload, parsed. */
  MAP,
  /** The request's body, untouched, with what is needed to verify it again. */
  RAW
}
