package dev.caravan.github.recovery;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.hooks.HookOwners;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a running program recovers on its own.
 *
 * @param atStart whether it does once it accepts deliveries
 * @param every how often after that; null for never
 */
public record RecoverySchedule(boolean atStart, @Nullable Duration every) {
  private static final String KEY = "caravan.github.recover";
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  /** Never. */
  private static final RecoverySchedule NONE = new RecoverySchedule(false, null);

  /**
   * Reads the setting.
   *
   * @throws InvalidSettingException when it is invalid, or no hooks are configured
   */
  public static RecoverySchedule from(Settings settings) {
    RecoverySchedule schedule = NONE;
    for (String word : settings.text(KEY).split(",", -1)) {
      schedule = schedule.and(word.strip(), settings);
    }
    if (!schedule.equals(NONE) && HookOwners.from(settings).isEmpty()) {
      throw new InvalidSettingException(
          KEY + " is set, but caravan.github.hooks does not say whose hooks are meant.");
    }
    return schedule;
  }

  private RecoverySchedule and(String word, Settings settings) {
    if (word.isEmpty()) {
      return this;
    }
    if (word.equals("at-start")) {
      return new RecoverySchedule(true, every);
    }
    try {
      Duration time = new Settings(Map.of(KEY, word)).duration(KEY);
      if (time.compareTo(SHORTEST) >= 0 && every == null) {
        return new RecoverySchedule(atStart, time);
      }
    } catch (InvalidSettingException e) {
      // refused below, with the same sentence
    }
    throw settings.refuse(
        KEY, "at-start, a time of at least 1m such as 15m, or both: at-start, 15m");
  }
}
