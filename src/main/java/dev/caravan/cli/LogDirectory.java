package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.server.LogFile;
import java.nio.file.Path;

/** The directory that holds the file of the log, for commands that work on the file. */
final class LogDirectory {
  private LogDirectory() {}

  /**
   * The one that settings name.
   *
   * @throws dev.caravan.server.CannotStartException where the log is in no file
   */
  static Path of(SettingsOptions options) {
    System.setProperty("caravan.log.target", "SYSTEM_ERR"); // what is logged is not the answer
    Settings settings = options.read();
    LogFile.require(settings);
    return options.resolve(settings.text("caravan.data"));
  }
}
