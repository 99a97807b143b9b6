package dev.caravan.logging;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The delivery that log lines are about; each value has been checked to be printable.
 *
 * <p>It is in a thread's log context only while {@link #during} runs there, so it cannot get to the
 * lines of whatever that thread does next.
 *
 * @param attempt the attempt at it, as {@link #attempt(String, String, int)} writes it; no line
 *     shows it, but {@link AttemptLines} keeps lines by it
 */
public record LinesAbout(
    @Nullable String guid,
    @Nullable String event,
    @Nullable String repository,
    @Nullable String attempt) {
  /** Lines about no delivery in particular. */
  public static final LinesAbout NOTHING = new LinesAbout(null, null, null);

  private static final ThreadLocal<LinesAbout> CURRENT = new ThreadLocal<>();

  private static final String GUID = "delivery";
  private static final String EVENT = "event";
  private static final String REPOSITORY = "repository";

  /** Lines about a delivery, and no attempt at it. */
  public LinesAbout(@Nullable String guid, @Nullable String event, @Nullable String repository) {
    this(guid, event, repository, null);
  }

  /** What an attempt is called here. */
  public static String attempt(String position, String subscription, int number) {
    return position + '/' + number + '/' + subscription;
  }

  /** What this thread's lines are about at the moment, or null. */
  static @Nullable LinesAbout current() {
    return CURRENT.get();
  }

  /** Does some work whose lines are about this delivery. */
  public void during(Runnable work) {
    during(
        () -> {
          work.run();
          return true;
        });
  }

  /** Does some work whose lines are about this delivery; returns what that returns. */
  public boolean during(BooleanSupplier work) {
    String outerGuid = MDC.get(GUID);
    if (guid != null && guid.equals(outerGuid)) {
      return work.getAsBoolean(); // as for each step of a route but the first on its thread
    }
    LinesAbout outer = CURRENT.get();
    String outerEvent = MDC.get(EVENT);
    String outerRepository = MDC.get(REPOSITORY);
    try {
      put(guid, event, repository);
      CURRENT.set(this);
      return work.getAsBoolean();
    } finally {
      put(outerGuid, outerEvent, outerRepository);
      CURRENT.set(outer);
    }
  }

  private static void put(
      @Nullable String guid, @Nullable String event, @Nullable String repository) {
    put(GUID, guid);
    put(EVENT, event);
    put(REPOSITORY, repository);
  }

  private static void put(String key, @Nullable String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }
}
