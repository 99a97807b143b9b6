package dev.caravan.cli;

import dev.caravan.config.EveryAddress;
import dev.caravan.config.ProgramName;
import dev.caravan.config.Settings;
import dev.caravan.server.OfflineLog;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;

/**
 * Opens the log that the settings name: through the server that runs with them, or else directly.
 */
final class OpenLog {
  private static final String CERTIFICATE = "caravan.management.tls.certificate";

  private OpenLog() {}

  /**
   * Opens the log.
   *
   * @param err told when no server runs
   * @throws CommandFailedException with a sentence that says why it cannot be opened
   * @throws dev.caravan.server.CannotStartException the same, from the log itself
   */
  static LogAccess open(SettingsOptions options, PrintWriter err) {
    // Log lines are no part of the answer. Set before the first class with a logger.
    System.setProperty("caravan.log.target", "SYSTEM_ERR");
    // The JSON reader has a logger that logs nothing but would start Log4j.
    System.setProperty(
        "vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.JULLogDelegateFactory");
    Settings settings = options.read();
    Path data = options.resolve(settings.text("caravan.data"));
    CommandFailedException silence;
    try {
      return server(settings, options, data);
    } catch (CommandFailedException e) {
      silence = e;
    }
    if (!OfflineLog.exists(data, settings)) {
      throw new CommandFailedException(
          "%s And there is no delivery log in %s. Start the server with %s, or name its directory with --data and its port with --management-port."
              .formatted(silence.getMessage(), data, ProgramName.with("run")));
    }
    OfflineLog log =
        OfflineLog.open(data, settings)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "A server is using %s, but cannot be reached. %s Give this command the settings it was started with (--config, --management-port), or stop it."
                            .formatted(data, silence.getMessage())));
    if (!(silence instanceof NothingListensException)) {
      err.println(silence.getMessage());
    }
    err.println(
        OfflineLog.isShared(settings)
            ? "No server answers here; reading the log in the database directly."
            : "No server runs on " + data + "; reading its log directly.");
    return new OfflineAccess(log);
  }

  /**
   * The server that runs with these settings, for what only a running one knows.
   *
   * @throws CommandFailedException with a sentence that says why it cannot be asked
   */
  static ServerAccess server(SettingsOptions options) {
    Settings settings = options.read();
    Path data = options.resolve(settings.text("caravan.data"));
    return server(settings, options, data);
  }

  private static ServerAccess server(Settings settings, SettingsOptions options, Path data) {
    return new ServerAccess(
        new ServerConnection(
            address(settings),
            ManagementToken.find(settings, data),
            options.trust(settings, CERTIFICATE)));
  }

  private static URI address(Settings settings) {
    int port = settings.integer("camel.management.port", 0, 65535);
    if (port == 0) {
      throw new CommandFailedException(
          "camel.management.port is 0, so the server's port is not known here.");
    }
    String host = settings.text("camel.management.host");
    // By address: a name may lead to another one, where somebody else listens.
    String named =
        EveryAddress.isMeantBy(host)
            ? (host.contains(":") ? "[::1]" : "127.0.0.1")
            : host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    String scheme = settings.text(CERTIFICATE).isEmpty() ? "http" : "https";
    return URI.create(scheme + "://" + named + ":" + port);
  }
}
