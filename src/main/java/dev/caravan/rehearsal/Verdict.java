package dev.caravan.rehearsal;

/** What would happen to a delivery in a route. */
public enum Verdict {
  /** The route would run for it, and succeed. */
  TAKEN("taken"),
  /** It would not reach the route, or do nothing in it. */
  NOT_WANTED("not wanted"),
  /** It would fail, and be tried again. */
  RETRIED("fails, and is tried again"),
  /** It would fail, and not be tried again. */
  DEAD_LETTER("fails, and is a dead letter at once"),
  /** It had not ended when its time was up. */
  NOT_ENDED("did not end in time");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
