package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.SecretKeys;
import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.github.api.HookOwner;
import dev.caravan.network.tls.OwnCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The options that change settings. Every command that reads settings has all of them: with the
 * same arguments, all find the same port, path and secret.
 */
final class SettingsOptions {
  private static final String DEFAULT_FILE = "application.properties";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings file. Default: the one that CARAVAN_CONFIG in the environment names, else application.properties in this directory, if there is one.")
  private @Nullable String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting; overrides file and environment. Repeatable. Not for secrets.")
  private Map<String, String> values = new LinkedHashMap<>();

  // Kept as text: an invalid number is refused by its setting's name, as in the settings file.
  @Option(names = "--port", paramLabel = "PORT", description = "Same as camel.server.port.")
  private @Nullable String port;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      description = "Same as camel.management.port.")
  private @Nullable String managementPort;

  @Option(names = "--routes", paramLabel = "DIR", description = "Same as caravan.routes.")
  private @Nullable String routes;

  @Option(names = "--data", paramLabel = "DIR", description = "Same as caravan.data.")
  private @Nullable String data;

  /**
   * The settings in force.
   *
   * @throws InvalidSettingException for a setting that cannot be used, and for a secret in {@code
   *     --set}
   */
  Settings read() {
    Map<String, String> commandLine = new LinkedHashMap<>();
    values.forEach((key, value) -> commandLine.put(notSecret(key.strip()), value));
    put(commandLine, "camel.server.port", port);
    put(commandLine, "camel.management.port", managementPort);
    put(commandLine, "caravan.routes", routes);
    put(commandLine, "caravan.data", data);
    return new SettingSources(root().environment()).read(file(), commandLine);
  }

  /** A sentence for each environment variable that looks like a setting but is not one. */
  List<String> unread(Settings settings) {
    return new SettingSources(root().environment())
        .unread(settings).stream()
            .map(name -> name + ", in the environment, is not a setting and is ignored")
            .toList();
  }

  /**
   * The user's settings file, or null when none is named and none is here.
   *
   * @throws InvalidSettingException when a named one is missing
   */
  @Nullable Path file() {
    String installed = root().environment().getOrDefault(SettingSources.CONFIG, "").strip();
    if (config != null) {
      return existing(config, "--config");
    }
    if (!installed.isEmpty()) {
      return existing(installed, SettingSources.CONFIG + ", in the environment, names");
    }
    Path file = resolve(DEFAULT_FILE);
    return Files.isRegularFile(file) ? file : null;
  }

  private Path existing(String name, String where) {
    Path file = resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new InvalidSettingException(where + " " + name + ": there is no such file.");
    }
    return file;
  }

  /** The options with which another command finds a server started with these, on that port. */
  String forOtherCommands(int actualPort) {
    StringBuilder options = new StringBuilder();
    if (port != null) {
      options.append(" --port ").append(actualPort);
    }
    if (data != null) {
      options.append(" --data ").append(data);
    }
    if (config != null) {
      options.append(" --config ").append(config);
    }
    return options.toString();
  }

  /** The secret that a server with these settings and this environment accepts for a payload. */
  SigningSecret secret(Settings settings, String event, byte[] payload) {
    Path data = resolve(settings.text("caravan.data"));
    return SigningSecret.forPayload(event, payload, settings, root().environment(), data, file());
  }

  /** The secret that a hook of this owner should sign with. */
  SigningSecret secret(Settings settings, HookOwner owner) {
    return SigningSecret.forHook(owner, settings, resolve(settings.text("caravan.data")));
  }

  /**
   * What a client of a port with TLS trusts, so that it can call its own server by any name.
   *
   * @param certificate the key of the setting that names the port's certificate
   * @return null for a port without TLS
   */
  @Nullable SSLContext trust(Settings settings, String certificate) {
    String file = settings.text(certificate);
    return file.isEmpty() ? null : OwnCertificate.trustedBy(resolve(file));
  }

  /** A path as the user wrote it, seen from the working directory. */
  Path resolve(String path) {
    return root().resolve(path);
  }

  /** The environment of the process. */
  Map<String, String> environment() {
    return root().environment();
  }

  private Surroundings root() {
    return Surroundings.of(command);
  }

  private static void put(Map<String, String> commandLine, String key, @Nullable String value) {
    if (value != null) {
      commandLine.put(key, value);
    }
  }

  private static String notSecret(String key) {
    if (SecretKeys.include(key)) {
      throw new InvalidSettingException(
          """
          %s is a secret, and the arguments of a process are public. Set it in the \
          settings file or as %s."""
              .formatted(key, environmentName(key)));
    }
    return key;
  }

  private static String environmentName(String key) {
    return key.equals("caravan.secret")
        ? "GITHUB_WEBHOOK_SECRET"
        : key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
