package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.log.copy.Copied;
import dev.caravan.log.copy.LogCopies;
import dev.caravan.receiver.LogEngines;

/**
 * What was copied from one log into another.
 *
 * @param replays replays that had yet to find some of their deliveries, and were not copied
 */
public record CopiedLog(long deliveries, long payloads, long damaged, long replays) {
  /**
   * Copies a whole log, and reads every payload of the copy.
   *
   * @param from a data directory or the URL of a database
   * @param to the same
   * @throws CannotStartException with a sentence for the user when that cannot be done
   */
  public static CopiedLog copy(
      Settings settings, String from, String to, LogFile.Progress progress) {
    try {
      Copied copied =
          LogCopies.copy(
              LogEngines.place(settings, from), LogEngines.place(settings, to), progress::at);
      return new CopiedLog(
          copied.deliveries(), copied.payloads(), copied.damaged(), copied.replays());
    } catch (IllegalStateException e) {
      throw new CannotStartException(String.valueOf(e.getMessage()), e);
    }
  }
}
