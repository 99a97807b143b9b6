package dev.caravan.log.postgres.shards;

/** As which node this process takes part. */
@FunctionalInterface
public interface NodeNumber {
  /** Its number, which is another one after it was given up. */
  long node();
}
