package dev.caravan.log.postgres;

/** As which node this process takes part. */
@FunctionalInterface
interface NodeNumber {
  /** Its number, which is another one after it was given up. */
  long node();
}
