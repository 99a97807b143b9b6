package dev.caravan.log.sqlite;

import java.util.function.LongSupplier;

/** The first position that is not committed yet. Read by any thread. */
final class Head implements LongSupplier {
  private volatile long position;

  Head(long position) {
    this.position = position;
  }

  void moveTo(long next) {
    position = next;
  }

  @Override
  public long getAsLong() {
    return position;
  }
}
