package dev.caravan.log.dispatch;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** Time that stands until a test moves it, a processor it uses, and chance that a seed decides. */
public final class ManualTiming implements Timing {
  private final Random random;
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(Comparator.comparingLong(Later::at).thenComparingLong(Later::number));
  private long millis = 1_800_000_000_000L;
  private long nanos;
  private long step;
  private long number;
  private long used;
  private long compiling;
  private boolean busy;
  private int looks;

  private record Later(long at, long number, Runnable work) {}

  public ManualTiming(Random random) {
    this.random = random;
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public long nanos() {
    long now = nanos;
    nanos += step;
    return now;
  }

  @Override
  public void later(long delay, Runnable work) {
    later.add(new Later(nanos + delay * 1_000_000, number++, work));
  }

  @Override
  public long threadNanos() {
    return used;
  }

  @Override
  public long compilingNanos() {
    return compiling;
  }

  @Override
  public boolean isProcessorBusy() {
    looks++;
    return busy;
  }

  @Override
  public Random random() {
    return random;
  }

  /** How often it was asked whether the processor is busy. */
  public int looks() {
    return looks;
  }

  /** Time passes, and what was to be done meanwhile is done. */
  public void pass(long time) {
    millis += time;
    nanos += time * 1_000_000;
    while (!later.isEmpty() && later.peek().at <= nanos) {
      later.poll().work.run();
    }
  }

  /** From now on it goes on by so many milliseconds each time that it is looked at. */
  public void goOn(long millis) {
    step = millis * 1_000_000;
  }

  /** This thread uses the processor for so long. */
  public void use(long time) {
    used += time * 1_000_000;
  }

  /** Java's compilers work for so long. */
  public void compile(long time) {
    compiling += time * 1_000_000;
  }

  public void busy(boolean now) {
    busy = now;
  }

  /** The time of day is set, forward or back. */
  public void setClock(long by) {
    millis += by;
  }

  /** What was to be done is forgotten, as in a process that ends. */
  public void forget() {
    later.clear();
  }
}
