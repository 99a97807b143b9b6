package dev.caravan.server;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets another program ask to replace this one. */
final class Successor {
  private volatile @Nullable Consumer<String> call;

  /** Sets what happens when one asks. */
  void is(Consumer<String> asked) {
    call = asked;
  }

  /**
   * Another program asks.
   *
   * @param address where it would listen
   * @throws IllegalStateException with a sentence for the user when it cannot take over
   */
  void call(String address) {
    Consumer<String> asked = call;
    if (asked == null) {
      throw new IllegalStateException("This Caravan cannot hand over its socket.");
    }
    asked.accept(address);
  }
}
