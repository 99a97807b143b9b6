package dev.caravan.github;

import dev.caravan.github.api.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that jumps where the program would wait. */
final class TestTime implements Waiting {
  private final List<Duration> pauses = new ArrayList<>();
  private Instant now = Instant.now();

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized void pause(Duration time) {
    pauses.add(time);
    now = now.plus(time);
  }

  /** Every wait so far. */
  synchronized List<Duration> pauses() {
    return List.copyOf(pauses);
  }

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }
}
