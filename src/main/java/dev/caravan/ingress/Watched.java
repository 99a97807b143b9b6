package dev.caravan.ingress;

/** Something that must not go on for ever; its event loop looks at it a few times a second. */
@FunctionalInterface
interface Watched {
  /**
   * Ends what is overdue.
   *
   * @param now {@link System#nanoTime()}
   */
  void look(long now);
}
