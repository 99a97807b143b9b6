package dev.caravan.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/**
 * How every part of the program reads a payload as JSON: what the ingress accepts, a subscription
 * must be able to parse. The ingress itself reads it by {@link PayloadScan}, within these limits.
 */
public final class PayloadJson {
  /** How deep objects and arrays may be nested: an earlier version let in more than this one. */
  private static final int MAX_NESTING_STORED = 1000;

  // A string or a name cannot be longer than its payload, whose size is limited before it is
  // read; Jackson's own limits (20 M characters, 50,000 for names) would refuse what GitHub may
  // send.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING_STORED)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          // A payload is UTF-8. Guessing would let UTF-16 through.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          // Payloads bring ever new names, so these are not kept for the life of the process.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Names that share a hash are slow to tell apart, but no reason to fail: each factory
          // hashes in its own way, and would refuse what another has let in.
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private PayloadJson() {}

  /** The factory to make parsers with, or to build an {@code ObjectMapper} on. */
  public static JsonFactory factory() {
    return FACTORY;
  }
}
