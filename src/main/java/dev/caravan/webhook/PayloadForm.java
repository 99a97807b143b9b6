package dev.caravan.webhook;

/** How the {@code payload} option presents a delivery's body. */
enum PayloadForm {
  /** The payload, parsed. */
  MAP,
  /** The request's body, untouched, with what is needed to verify it again. */
  RAW
}
