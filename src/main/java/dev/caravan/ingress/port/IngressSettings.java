package dev.caravan.ingress.port;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.network.tls.TlsFiles;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the receiving side, checked.
 *
 * @param host {@code camel.server.host}, the address to listen on
 * @param port {@code camel.server.port}; 0 takes a free one
 * @param path {@code caravan.path}, without a trailing slash
 * @param healthPath {@code caravan.health.path}, empty when this port does not report health
 * @param maxPayload {@code caravan.max-payload}, in bytes
 * @param bodyTimeout {@code caravan.body-timeout}
 * @param bodyMemory {@code caravan.body-memory}, in bytes
 * @param connections {@code caravan.connections}, in all
 * @param connectionsPerAddress {@code caravan.connections-per-address}
 * @param sha1Allowed {@code caravan.signature.sha1}
 * @param refusedMemory {@code caravan.refused-memory}, in bytes
 * @param tls where the certificate is, or null for a port without TLS
 */
public record IngressSettings(
    String host,
    int port,
    String path,
    String healthPath,
    int maxPayload,
    Duration bodyTimeout,
    long bodyMemory,
    int connections,
    int connectionsPerAddress,
    boolean sha1Allowed,
    long refusedMemory,
    @Nullable TlsFiles tls) {
  /** A form takes up to three bytes on the wire for one byte of its payload. */
  static final int FORM_FACTOR = 3;

  private static final int LARGEST_PAYLOAD = 512 << 20;
  private static final int MOST_CONNECTIONS = 65536;
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

  public IngressSettings {
    if (host.isEmpty()) {
      throw new InvalidSettingException(
          "camel.server.host is empty. Write an address to listen on, such as 0.0.0.0 or 127.0.0.1.");
    }
    path = plain("caravan.path", path);
    healthPath = healthPath.isEmpty() ? "" : plain("caravan.health.path", healthPath);
    if (path.equals(healthPath)) {
      throw new InvalidSettingException(
          "caravan.health.path is the path of the hook, caravan.path. Choose another, such as /health.");
    }
  }

  /**
   * Reads the settings.
   *
   * @throws InvalidSettingException with a sentence for the user, for the first invalid one
   */
  public static IngressSettings from(Settings settings) {
    return new IngressSettings(
        settings.text("camel.server.host"),
        settings.integer("camel.server.port", 0, 65535),
        settings.text("caravan.path"),
        settings.text("caravan.health.path"),
        maxPayload(settings),
        bodyTimeout(settings),
        bodyMemory(settings),
        settings.integer("caravan.connections", 16, MOST_CONNECTIONS),
        settings.integer("caravan.connections-per-address", 1, MOST_CONNECTIONS),
        sha1(settings),
        settings.size("caravan.refused-memory"),
        TlsFiles.from(settings, "caravan.tls"));
  }

  private static String plain(String key, String path) {
    if (!path.startsWith("/") || !path.chars().allMatch(IngressSettings::isPlain)) {
      throw new InvalidSettingException(
          key
              + " is '"
              + path
              + "', which is not a path. Start it with a / and use letters, digits, / - _ . only.");
    }
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static int maxPayload(Settings settings) {
    long size = settings.size("caravan.max-payload");
    if (size > LARGEST_PAYLOAD) {
      throw settings.outOfRange("caravan.max-payload", "from 1 byte to 512MiB");
    }
    return (int) size;
  }

  private static Duration bodyTimeout(Settings settings) {
    Duration timeout = settings.duration("caravan.body-timeout");
    if (timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw settings.outOfRange("caravan.body-timeout", "over 0s and at most 10m");
    }
    return timeout;
  }

  private static long bodyMemory(Settings settings) {
    long size = settings.size("caravan.body-memory");
    if (size < 2) {
      throw settings.outOfRange("caravan.body-memory", "larger, for instance 64MiB");
    }
    return size;
  }

  private static boolean sha1(Settings settings) {
    return switch (settings.text("caravan.signature.sha1")) {
      case "allow" -> true;
      case "deny" -> false;
      default -> throw settings.refuse("caravan.signature.sha1", "allow or deny");
    };
  }

  private static boolean isPlain(int character) {
    return character < 0x80
        && (Character.isLetterOrDigit(character) || "/-_.~".indexOf(character) >= 0);
  }
}
