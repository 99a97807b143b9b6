package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.files.DurableFile;
import dev.caravan.files.OwnerOnly;
import dev.caravan.github.api.HookOwner;
import dev.caravan.secrets.ConfiguredSecrets;
import dev.caravan.secrets.LabelledSecret;
import dev.caravan.secrets.LiveSecrets;
import dev.caravan.server.HookSecret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Creates a secret for the hooks of one owner, in a file of its own, and names it with its scope in
 * the settings file; a running server picks it up by itself.
 */
final class OwnSecret {
  /** The label of the generated secret, which is in force only while there is no other. */
  private static final String FIRST = "first";

  private static final int BYTES = 32;
  private static final int LONGEST = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final SettingsOptions options;

  OwnSecret(SettingsOptions options) {
    this.options = options;
  }

  /**
   * Creates it if that owner has none; returns once a running server, if any, knows it.
   *
   * @return whether GitHub has yet to be given it: false when it has signed something already, and
   *     for an App, whose payloads are about many owners
   */
  boolean isToBeGiven(HookOwner owner) throws InterruptedException {
    Settings settings = options.read();
    if (owner.kind() == HookOwner.Kind.APP) {
      return false;
    }
    LabelledSecret before = HookSecret.madeFor(owner, settings);
    if (before != null) {
      return isUnused(before.label()); // as after a run that ended before GitHub had it
    }
    String label = label(settings, owner);
    try {
      Path directory = options.resolve(settings.text("caravan.data")).toAbsolutePath();
      Path file = directory.resolve("secrets").resolve(label);
      Files.createDirectories(file.getParent(), OwnerOnly.directory(directory));
      write(file);
      append(settings, directory, label, file, owner);
    } catch (IOException e) {
      throw new CommandFailedException(
          "The secret of %s cannot be written: %s.".formatted(owner, e));
    }
    awaitServer(label);
    return true;
  }

  private static String label(Settings settings, HookOwner owner) {
    String name = owner.name().replaceAll("[^A-Za-z0-9]+", "-");
    String base = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    if (ConfiguredSecrets.isReserved(base) || base.equals(FIRST)) {
      base = "of-" + base; // an organization may have that name
    }
    return free(settings, base);
  }

  private static String free(Settings settings, String base) {
    String label = base;
    for (int number = 2; isTaken(settings, label); number++) {
      label = base + "-" + number; // acme/a.b and acme/a-b, say
    }
    return label;
  }

  private static boolean isTaken(Settings settings, String label) {
    String key = "caravan.secrets." + label;
    return settings.all().keySet().stream()
        .anyMatch(each -> each.equals(key) || each.startsWith(key + "."));
  }

  private static void write(Path file) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    DurableFile.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
  }

  private void append(Settings settings, Path data, String label, Path file, HookOwner owner)
      throws IOException {
    StringBuilder lines = new StringBuilder("\n");
    if (LiveSecrets.noneConfigured(settings)) {
      // The generated one ends with that, and hooks may use it.
      lines.append(line(free(settings, FIRST) + ".file", data.resolve("secret").toString()));
    }
    lines
        .append(line(label + ".file", file.toString()))
        .append(line(label + ".scope", owner.name()));
    Path own = options.file();
    Files.writeString(
        own == null ? options.resolve("application.properties") : own,
        lines.toString(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static String line(String key, String value) {
    return "caravan.secrets.%s = %s\n".formatted(key, value.replace('\\', '/'));
  }

  private boolean isUnused(String label) {
    try (ServerAccess server = OpenLog.server(options)) {
      return server.secrets().getJsonArray("secrets").stream()
          .map(JsonObject.class::cast)
          .anyMatch(
              secret ->
                  label.equals(secret.getString("label")) && secret.getString("lastUsed") == null);
    } catch (CommandFailedException e) {
      return false; // only a running server knows
    }
  }

  private void awaitServer(String label) throws InterruptedException {
    try (ServerAccess server = OpenLog.server(options)) {
      Instant until = Instant.now().plus(PATIENCE);
      while (Instant.now().isBefore(until)) {
        if (server.secrets().getJsonArray("secrets").stream()
            .anyMatch(secret -> label.equals(((JsonObject) secret).getString("label")))) {
          return;
        }
        Thread.sleep(LOOK_EVERY.toMillis());
      }
    } catch (CommandFailedException e) {
      return; // none runs; one that is started later reads the settings
    }
    throw new CommandFailedException(
        "The running server has not picked up the secret '%s' from the settings file. Does it read another file? Start it with the same --config."
            .formatted(label));
  }
}
