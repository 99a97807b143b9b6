package dev.caravan.rehearsal.stage;

import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Knows which delivery is on stage, and so which one causes what is observed. */
final class Onlooker {
  private static final String OBSERVED = "CaravanRehearsalObserved";

  private final int longestBody;

  /** What is on; before the first and between two, what is seen is nobody's. */
  private volatile @Nullable Observed current;

  /**
   * @param longestBody how many bytes of each body are kept
   */
  Onlooker(int longestBody) {
    this.longestBody = longestBody;
  }

  int longestBody() {
    return longestBody;
  }

  /** What comes now is noted there; null for nowhere. */
  void watch(@Nullable Observed observed) {
    current = observed;
  }

  /** Where to note what an exchange does: on any thread, and after its route has ended too. */
  Observed of(Exchange exchange) {
    Observed noted = exchange.getProperty(OBSERVED, Observed.class);
    if (noted == null) {
      Observed on = current;
      noted = on == null ? new Observed(List.of()) : on;
      exchange.setProperty(OBSERVED, noted);
    }
    return noted;
  }

  /** Somebody wants to read what only the world has, and gets nothing. */
  void readFrom(String uri) {
    Observed on = current;
    if (on != null) {
      on.readFrom(uri);
    }
  }
}
