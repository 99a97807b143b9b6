package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.ProgramName;
import dev.caravan.config.Settings;
import dev.caravan.delivery.InvalidPayloadException;
import dev.caravan.delivery.Ownership;
import dev.caravan.delivery.PayloadScan;
import dev.caravan.github.api.HookOwner;
import dev.caravan.secrets.ConfiguredSecrets;
import dev.caravan.secrets.LabelledSecret;
import dev.caravan.secrets.LiveSecrets;
import dev.caravan.secrets.Secret;
import dev.caravan.secrets.SecretScope;
import dev.caravan.server.HookSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A secret to sign with, and where it was found. Only {@link #text} gives its value away. */
final class SigningSecret {
  private static final String KEY = "caravan.secret";
  // In order of precedence.
  private static final List<String> VARIABLES = List.of("GITHUB_WEBHOOK_SECRET", "CARAVAN_SECRET");

  private final Secret value;
  private final String origin;

  private SigningSecret(String value, String origin) {
    this(new Secret(value), origin);
  }

  private SigningSecret(Secret value, String origin) {
    this.value = value;
    this.origin = origin;
  }

  /**
   * A secret that the server accepts for a payload: the first one configured whose scope covers it,
   * or the one that the server generated.
   *
   * @param event in whose name the payload is sent
   * @param data the data directory, where the server keeps a secret it generated
   * @param file the user's settings file, for its name
   */
  static SigningSecret forPayload(
      String event,
      byte[] payload,
      Settings settings,
      Map<String, String> environment,
      Path data,
      @Nullable Path file) {
    List<String> configured =
        Arrays.stream(settings.text(KEY).split(","))
            .map(String::strip)
            .filter(secret -> !secret.isEmpty())
            .toList();
    if (configured.isEmpty()) {
      if (LiveSecrets.noneConfigured(settings)) {
        return generated(data.resolve("secret"));
      }
      return of(covering(ownership(event, payload), settings));
    }
    String place =
        VARIABLES.stream()
            .filter(name -> !environment.getOrDefault(name, "").isBlank())
            .findFirst()
            .map(name -> name + " of the environment")
            .orElse(KEY + " in " + file);
    String which = configured.size() == 1 ? "" : "the first of " + configured.size() + " in ";
    return new SigningSecret(configured.get(0), which + place);
  }

  /**
   * The secret that the hooks of this owner should sign with, or else the one that the server
   * generated.
   */
  static SigningSecret forHook(HookOwner owner, Settings settings, Path data) {
    LabelledSecret found = HookSecret.configured(owner, settings);
    return found == null ? generated(data.resolve("secret")) : of(found);
  }

  /** A secret that no server has. */
  static SigningSecret wrong() {
    return new SigningSecret(UUID.randomUUID().toString(), "a made-up secret");
  }

  private static SigningSecret of(LabelledSecret found) {
    return new SigningSecret(found.secret(), "the label '" + found.label() + "'");
  }

  /** Null for a payload that the server cannot read either: its answer says what is wrong. */
  private static @Nullable Ownership ownership(String event, byte[] payload) {
    try {
      return PayloadScan.read(payload, event).ownership();
    } catch (InvalidPayloadException e) {
      return null;
    }
  }

  private static LabelledSecret covering(@Nullable Ownership ownership, Settings settings) {
    LabelledSecret found =
        ConfiguredSecrets.forSigning(settings, scope -> maySign(scope, ownership));
    if (found == null) {
      throw new InvalidSettingException(
          "No readable secret may sign a payload about %s: each has a scope that does not cover it. Set caravan.secrets.LABEL and caravan.secrets.LABEL.scope for it, or caravan.secret for everybody."
              .formatted(ownership == null ? "this" : ownership));
    }
    return found;
  }

  private static boolean maySign(SecretScope scope, @Nullable Ownership ownership) {
    return (scope.hooks().isEmpty() || scope.hooks().contains(WebhookRequest.HOOK))
        && (!scope.bindsPayload() || ownership == null || ownership.isWithin(scope::covers));
  }

  private static SigningSecret generated(Path file) {
    try {
      String secret = Files.readString(file).strip();
      if (!secret.isEmpty()) {
        return new SigningSecret(secret, file.toString());
      }
      throw new CommandFailedException(
          "%s is empty. Delete it, and the server writes a new secret when it starts."
              .formatted(file));
    } catch (NoSuchFileException e) {
      throw new CommandFailedException(
          """
          There is no secret to sign with: %s is not set, and there is no %s. The \
          server writes that file when it first starts: %s"""
              .formatted(KEY, file, ProgramName.with("run")));
    } catch (IOException e) {
      throw new CommandFailedException(
          "The secret cannot be read from %s: %s. It belongs to the user the server runs as."
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  /** The secret itself, to give it to GitHub. */
  String text() {
    return value.text();
  }

  /** Where the secret was found, such as {@code data/secret}. */
  String origin() {
    return origin;
  }

  /** The HMAC of the bytes, as in GitHub's headers: algorithm and hex. */
  String sign(String algorithm, byte[] bytes) {
    byte[] hmac =
        switch (algorithm) {
          case "sha256" -> value.hmacSha256(bytes);
          case "sha1" -> value.hmacSha1(bytes);
          default -> throw new IllegalArgumentException("GitHub signs with no " + algorithm);
        };
    return algorithm + "=" + HexFormat.of().formatHex(hmac);
  }
}
