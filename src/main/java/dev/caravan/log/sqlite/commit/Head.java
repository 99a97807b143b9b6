package dev.caravan.log.sqlite.commit;

import java.util.function.LongSupplier;

/** The first position that is not committed yet. Read by any thread. */
public final class Head implements LongSupplier {
  private volatile long position;

  public Head(long position) {
    this.position = position;
  }

  public void moveTo(long next) {
    position = next;
  }

  @Override
  public long getAsLong() {
    return position;
  }
}
