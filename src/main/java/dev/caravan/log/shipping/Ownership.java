package dev.caravan.log.shipping;

import dev.caravan.storage.Storage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one program at a time ship to a place: a text there names it, and is rewritten every few
 * seconds. Another program checks whether it still is before writing anything there. Safe for use
 * by many threads.
 */
final class Ownership {
  static final String NAME = "owner";
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(10);

  /** After this many missing signs, a program with the same log is gone. */
  private static final int MISSED_SIGNS = 3;

  /** One with another log, or that was seen active beside us, may be away for longer and return. */
  private static final Duration GONE_AFTER = Duration.ofMinutes(10);

  private static final String LOG_ID = "log";
  private static final String RUN = "run";
  private static final String WHERE = "where";
  private static final String SEEN = "seen";
  private static final String BETWEEN = "between";
  private static final String STOPPED = "stopped";

  private final Storage storage;
  private final Log log;
  private final Duration betweenSigns;
  private final InstantSource clock;
  private final String run = UUID.randomUUID().toString();
  private @Nullable Instant sign;

  /** What another program has written there, and below when that was first seen. */
  private @Nullable String others;

  private Instant othersSince = Instant.MIN;

  /** Whether another program was seen active, maybe with a copy of our data directory. */
  private boolean isContested;

  /**
   * A log that is shipped.
   *
   * @param id tells it from other logs; a copy of the data directory has the same
   * @param lastRun the last run with this data directory that owned the place
   */
  record Log(String id, @Nullable String lastRun, LogPlace where) {}

  /**
   * @param every how long the caller waits between two checks
   */
  Ownership(Storage storage, Log log, Duration every, InstantSource clock) {
    this.storage = storage;
    this.log = log;
    this.betweenSigns = every.compareTo(BETWEEN_SIGNS) > 0 ? every : BETWEEN_SIGNS;
    this.clock = clock;
  }

  /** The name of this run of the program. */
  String run() {
    return run;
  }

  /**
   * Checks, now and then, whether the place is still ours; takes it when it is nobody's.
   *
   * @return whether it was just taken from another program, whose segments must be left as they are
   * @throws PlaceTakenException with a sentence for the user when it is another program's
   */
  synchronized boolean check() throws IOException {
    Instant now = clock.instant();
    if (sign != null && !isSignDue(now, sign)) {
      return false;
    }
    String text = storage.text(NAME);
    Map<String, String> owner = read(text);
    boolean isAnothers = !owner.isEmpty() && !run.equals(owner.get(RUN)) && !isBeforeUs(owner);
    if (isAnothers) {
      awaitItsEnd(owner, String.valueOf(text), now);
      LOG.warn(
          "{} was the place of another Caravan, on {}, last seen at {}. It is taken over.",
          storage,
          owner.get(WHERE),
          owner.get(SEEN));
    }
    write(now, "");
    sign = now;
    others = null;
    isContested = false;
    return isAnothers;
  }

  /** Gives a sign when one is due, even while a segment is under way for long. */
  synchronized void sign() throws IOException {
    Instant now = clock.instant();
    // If it is another's by now, the next check reports that.
    if (sign != null && isSignDue(now, sign) && isOurs()) {
      write(now, "");
      sign = now;
    }
  }

  /** Says that this program ships no more: the next one need not wait. */
  synchronized void end() throws IOException {
    if (sign != null && isOurs()) {
      sign = null; // no sign follows
      write(clock.instant(), STOPPED + "=true\n");
    }
  }

  private boolean isOurs() throws IOException {
    return run.equals(read(storage.text(NAME)).get(RUN));
  }

  private boolean isSignDue(Instant now, Instant last) {
    return Duration.between(last, now).abs().compareTo(betweenSigns) >= 0;
  }

  private void write(Instant now, String more) throws IOException {
    storage.putText(
        NAME,
        "log=%s\nrun=%s\nwhere=%s\nseen=%s\nbetween=%s\n%s"
            .formatted(log.id, run, log.where, now, betweenSigns, more));
  }

  /** Whether the owner is the last run with our data directory, which must have ended. */
  private boolean isBeforeUs(Map<String, String> owner) {
    return sign == null
        && !isContested
        && Objects.equals(log.lastRun, owner.get(RUN))
        && (owner.containsKey(STOPPED) || log.where.toString().equals(owner.get(WHERE)));
  }

  private void awaitItsEnd(Map<String, String> owner, String text, Instant now)
      throws PlaceTakenException {
    boolean wasOurs = sign != null;
    boolean goesOn = others != null && !others.equals(text);
    isContested |= wasOurs || goesOn;
    sign = null; // makes each check look who has it
    if (!text.equals(others)) {
      others = text;
      othersSince = now;
    }
    Duration patience =
        isContested || !log.id.equals(owner.get(LOG_ID)) ? GONE_AFTER : missedSigns(owner);
    Instant seen = time(owner.get(SEEN));
    boolean isLongGone = seen != null && Duration.between(seen, now).compareTo(GONE_AFTER) >= 0;
    if (isLongGone) { // by that program's clock, which may be wrong: three signs must be missing,
      // too
      patience = missedSigns(owner);
    }
    if (Duration.between(othersSince, now).compareTo(patience) < 0) {
      throw new PlaceTakenException(
          "another Caravan (on %s, last seen at %s) ships its log there. Give each a place of its own; when that one is gone for good, delete %s/%s, or wait %d s"
              .formatted(owner.get(WHERE), owner.get(SEEN), storage, NAME, patience.toSeconds()));
    }
  }

  private static Duration missedSigns(Map<String, String> owner) {
    try {
      return Duration.parse(owner.getOrDefault(BETWEEN, "")).multipliedBy(MISSED_SIGNS);
    } catch (DateTimeParseException e) {
      return GONE_AFTER; // an older Caravan, which gives a sign once a minute
    }
  }

  private static Map<String, String> read(@Nullable String text) {
    Map<String, String> owner = new LinkedHashMap<>();
    if (text != null) {
      text.lines()
          .filter(line -> line.contains("="))
          .forEach(
              line ->
                  owner.put(
                      line.substring(0, line.indexOf('=')),
                      line.substring(line.indexOf('=') + 1).strip()));
    }
    return owner;
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
