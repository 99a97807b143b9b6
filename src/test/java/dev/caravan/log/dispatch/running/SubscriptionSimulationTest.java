package dev.caravan.log.dispatch.running;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.attempts.LargeAttempts;
import dev.caravan.log.dispatch.running.SimulatedHandler.Known;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.Pace;
import dev.caravan.log.subscription.Rate;
import dev.caravan.log.subscription.RetryPolicy;
import dev.caravan.log.subscription.StartFrom;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One running subscription, its disk, its clock and its threads, step by step in an order that a
 * seed decides: the same seed is the same run. What comes is never lost; a lane never runs two and
 * keeps the order of first attempts; after a crash only what was in work, or not yet on disk, runs
 * twice; where only the newest of a lane is wanted, an older one never runs after a newer one; the
 * cursor passes nothing that is unfinished; and in the end everything is done.
 *
 * <p>The short form runs the same seeds each time, the long one others. One seed: {@code
 * -Dsimulation.seed=SEED}. Many: the long form, with {@code -Dsimulation.seeds=COUNT}.
 */
class SubscriptionSimulationTest {
  private static final int SOME = 200;

  /**
   * An older one ran after a newer one: after a crash, a cut-off, a cut-off and a change of clock.
   */
  private static final long[] TOLD_SOMETHING = {
    -5696595508238964645L, -8490110822925033980L, 3681431765292292205L
  };

  private static final int STEPS = 300;
  private static final int MOST_STEPS_TO_AN_END = 5_000;
  private static final String ROUTE_LOG = "dev.caravan.subscription";

  private final Random seeds = new Random();
  private Level before = Level.INFO;

  @BeforeEach
  void beQuiet() {
    before = org.apache.logging.log4j.LogManager.getLogger(ROUTE_LOG).getLevel();
    Configurator.setLevel(ROUTE_LOG, Level.OFF);
  }

  @AfterEach
  void speakAgain() {
    Configurator.setLevel(ROUTE_LOG, before);
  }

  @Test
  void nothingIsLostDoubledOrOutOfOrder() {
    String one = System.getProperty("simulation.seed");
    (one == null
            ? LongStream.concat(LongStream.range(0, SOME), LongStream.of(TOLD_SOMETHING))
            : LongStream.of(Long.parseLong(one)))
        .forEach(this::run);
  }

  @Tag("long")
  @Test
  void nothingIsLostDoubledOrOutOfOrderInManyRuns() {
    seeds.longs(Integer.getInteger("simulation.seeds", 100_000)).forEach(this::run);
  }

  private void run(long seed) {
    Random random = new Random(seed);
    ManualTiming timing = new ManualTiming(random);
    SimulatedEngine engine = new SimulatedEngine(settings(random), timing, random);
    int ends = 1 + random.nextInt(6);
    int large = 2 + random.nextInt(16);
    String step = "";
    try {
      for (int number = 0; number < STEPS; number++) {
        step = "step " + number;
        step(engine, timing, random, ends, large);
        check(engine, seed, step);
      }
      step = "the end";
      engine.handler().calmDown();
      engine.pause(false);
      drain(engine, timing);
      check(engine, seed, step);
      checkEnd(engine, seed);
    } catch (RuntimeException e) {
      throw new AssertionError("-Dsimulation.seed=%d, in %s".formatted(seed, step), e);
    }
  }

  private static Pace pace(Random random) {
    return random.nextInt(3) > 0
        ? Pace.FREE
        : new Pace(
            random.nextBoolean()
                ? null
                : new Rate(1 + random.nextInt(4), Duration.ofSeconds(1 + random.nextInt(5))),
            random.nextInt(3),
            Duration.ofSeconds(1 + random.nextInt(5)));
  }

  private static SubscriptionSettings settings(Random random) {
    return new SubscriptionSettings(
        "ci",
        EventFilter.parse("push", null),
        1 + random.nextInt(4),
        random.nextInt(4) == 0 ? OrderBy.NONE : OrderBy.REPOSITORY,
        random.nextBoolean(),
        random.nextInt(3) == 0,
        StartFrom.NOW,
        new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(20)),
        pace(random),
        Runnable::run);
  }

  /**
   * Does one thing.
   *
   * @param ends one of so many ends of the process happens
   * @param large one of so many deliveries is large
   */
  private static void step(
      SimulatedEngine engine, ManualTiming timing, Random random, int ends, int large) {
    long end = engine.disk().end;
    long any = end == 1 ? 0 : end - 1 - random.nextInt((int) Math.min(20, end - 1));
    switch (random.nextInt(41)) {
      case 0, 1, 2, 3 ->
          engine.append(
              "acme/" + random.nextInt(3),
              random.nextInt(8) == 0 ? "issues" : "push",
              length(random, large));
      case 4, 5 -> {
        if (any > 0) {
          engine.redeliver(any);
        }
      }
      case 6, 7 -> {
        if (any > 0) {
          engine.replay(any);
        }
      }
      case 8 -> engine.expire(1 + random.nextInt(3));
      case 9 -> engine.pause(true);
      case 10, 11 -> engine.pause(false);
      case 12 -> {
        if (random.nextInt(ends) == 0) {
          engine.crash();
        }
      }
      case 13 -> {
        if (random.nextInt(ends) == 0) {
          engine.restart();
        }
      }
      case 14 -> timing.setClock(random.nextInt(3_600_000) - 1_800_000L);
      case 15, 16, 17 -> timing.pass(random.nextInt(8_000));
      case 18, 19, 20, 21 -> engine.handler().endOne();
      case 22, 23, 24, 25 -> engine.beginReading(1 + random.nextInt(4));
      case 26, 27, 28, 29 -> engine.endReading();
      case 30, 31, 32, 33 -> engine.runOne();
      case 34, 35, 36 -> {
        if (!engine.isWriting()) {
          engine.beginTransaction(false);
        }
      }
      case 37 -> engine.sendersWait(random.nextInt(4) > 0);
      default -> {
        if (random.nextInt(8) == 0) {
          engine.rollBack();
        } else {
          engine.commit();
        }
      }
    }
  }

  private static int length(Random random, int large) {
    int kind = random.nextInt(large);
    return kind == 0 ? LargeAttempts.LARGE + 1 : kind == 1 ? 900_000 : 1000;
  }

  /** Everything that can happen happens, until nothing is left. */
  private static void drain(SimulatedEngine engine, ManualTiming timing) {
    for (int number = 0; number < MOST_STEPS_TO_AN_END && !isDone(engine); number++) {
      engine.commit();
      engine.beginTransaction(false);
      engine.commit();
      engine.beginReading(100);
      engine.endReading();
      engine.runOne();
      engine.handler().endOne();
      timing.pass(number % 20 == 0 ? 600_000 : 500);
    }
  }

  private static boolean isDone(SimulatedEngine engine) {
    return !engine.isWriting()
        && !engine.hasToWrite()
        && !engine.hasToRead()
        && !engine.hasToRun()
        && engine.handler().isIdle()
        && engine.disk().due.isEmpty()
        && engine.dispatcher().progress().unfinished() == 0
        && engine.dispatcher().progress().readTo() == engine.disk().end;
  }

  private static void check(SimulatedEngine engine, long seed, String step) {
    assertThat(engine.handler().wrong()).as("-Dsimulation.seed=%d, in %s", seed, step).isEmpty();
    assertThat(engine.lost())
        .as("-Dsimulation.seed=%d, in %s: the cursor has passed", seed, step)
        .isEmpty();
  }

  private static void checkEnd(SimulatedEngine engine, long seed) {
    assertThat(isDone(engine))
        .as("-Dsimulation.seed=%d: all is done (%s)", seed, engine.dispatcher().status())
        .isTrue();
    for (Known each : engine.handler().all()) {
      assertThat(each.attempts >= each.mustRun || each.wasGivenUp || each.wasSuperseded)
          .as("-Dsimulation.seed=%d: %s was replayed and ran", seed, each.entry.position())
          .isTrue();
      assertThat(
              each.attempts >= each.mustTry
                  || each.completed > 0
                  || each.bodyWent
                  || each.wasGivenUp
                  || each.wasSuperseded)
          .as("-Dsimulation.seed=%d: %s came again and ran", seed, each.entry.position())
          .isTrue();
    }
  }
}
