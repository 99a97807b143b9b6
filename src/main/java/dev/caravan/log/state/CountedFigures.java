package dev.caravan.log.state;

import dev.caravan.log.LogFigures;
import dev.caravan.log.figures.DeadLetteredCount;
import dev.caravan.log.figures.Distribution;
import dev.caravan.log.figures.GivenUp;
import java.util.List;
import java.util.Map;

/** The figures that are the same for every engine; an engine adds the rest. */
public abstract class CountedFigures implements LogFigures {
  private final LogCounters counters;
  private final long bytesKept;

  /**
   * @param bytesKept the bytes that the log may grow to before payloads are deleted early
   */
  protected CountedFigures(LogCounters counters, long bytesKept) {
    this.counters = counters;
    this.bytesKept = bytesKept;
  }

  /** What is counted. */
  protected final LogCounters counters() {
    return counters;
  }

  @Override
  public Distribution appendTime() {
    return counters.appendTime.read();
  }

  @Override
  public Distribution flushed() {
    return counters.flushed.read();
  }

  @Override
  public long repeats() {
    return counters.repeats.sum();
  }

  @Override
  public long differing() {
    return counters.differing.sum();
  }

  @Override
  public long copies() {
    return counters.copies.sum();
  }

  @Override
  public long failedFlushes() {
    return counters.failedFlushes.sum();
  }

  @Override
  public long slowWrites() {
    return counters.slowWrites.sum();
  }

  @Override
  public long bytesKept() {
    return bytesKept;
  }

  @Override
  public List<DeadLetteredCount> deadLettered() {
    return counters.deadLettered();
  }

  @Override
  public Map<String, List<GivenUp>> newestGivenUp() {
    return counters.newestGivenUp();
  }
}
