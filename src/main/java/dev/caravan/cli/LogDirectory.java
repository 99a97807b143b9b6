package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.server.LogFile;
import java.nio.file.Path;

/** The directory that holds the file of the log, for commands that work on the file. */
final class LogDirectory {
  private LogDirectory() {}

  /**
   * The directory in the settings.
   *
   * @throws dev.caravan.server.CannotStartException when the log is not in a file
   */
  static Path of(SettingsOptions options) {
    System.setProperty("caravan.log.target", "SYSTEM_ERR"); // log lines are no part of the answer
    Settings settings = options.read();
    LogFile.require(settings);
    return options.resolve(settings.text("caravan.data"));
  }
}
