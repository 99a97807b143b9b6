package dev.caravan.log.postgres.shards;

/** The node that this process takes part as. */
@FunctionalInterface
public interface NodeNumber {
  /** Its number, which is another one after it was given up. */
  long node();
}
