package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.server.CannotStartException;
import dev.caravan.server.LogFile;
import java.nio.file.Path;

/** The directory that holds the file of the log, for commands that work on the file. */
final class LogDirectory {
  private LogDirectory() {}

  /**
   * The one that settings name.
   *
   * @throws CommandFailedException where the log is in no file
   */
  static Path of(SettingsOptions options) {
    System.setProperty("caravan.log.target", "SYSTEM_ERR"); // what is logged is not the answer
    Settings settings = options.read();
    try {
      LogFile.require(settings);
    } catch (CannotStartException e) {
      throw new CommandFailedException(e.getMessage());
    }
    return options.resolve(settings.text("caravan.data"));
  }
}
