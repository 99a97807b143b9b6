package dev.caravan.server;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Another program that is to replace this one, and how that is done. */
final class Successor {
  private volatile @Nullable Consumer<String> call;

  /** Sets what happens from now on when one asks. */
  void is(Consumer<String> asked) {
    call = asked;
  }

  /**
   * One asks.
   *
   * @param address that it would listen on
   * @throws IllegalStateException with a sentence when it cannot take over here
   */
  void call(String address) {
    Consumer<String> asked = call;
    if (asked == null) {
      throw new IllegalStateException("This Caravan cannot hand over its socket.");
    }
    asked.accept(address);
  }
}
