package dev.caravan.ingress.port;

/** Something that must not last for ever; its event loop checks it a few times a second. */
@FunctionalInterface
interface HasDeadline {
  /**
   * Ends what is overdue.
   *
   * @param now {@link System#nanoTime()}
   */
  void check(long now);
}
