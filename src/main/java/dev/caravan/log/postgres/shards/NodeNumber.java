package dev.caravan.log.postgres.shards;

/** The node that this process is. */
@FunctionalInterface
public interface NodeNumber {
  /** Its number; a new one after it was given up. */
  long node();
}
