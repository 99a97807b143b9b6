package dev.caravan.log;

/** What makes a delivery the same as an earlier one. */
public enum Dedupe {
  /** The same GUID, whichever hook sent it, with the same payload. */
  GUID,
  /** The same GUID from the same hook. */
  GUID_AND_HOOK,
  /** The same GUID as with {@link #GUID}, and the same payload under any other. */
  CONTENT
}
