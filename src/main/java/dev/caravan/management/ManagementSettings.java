package dev.caravan.management;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.NotUtf8Exception;
import dev.caravan.config.Settings;
import dev.caravan.config.TextFile;
import dev.caravan.network.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the management port, checked.
 *
 * @param host {@code camel.management.host}, the address to listen on
 * @param port {@code camel.management.port}; 0 takes a free one
 * @param token {@code caravan.management.token}, empty when a generated one is to be used
 * @param readToken {@code caravan.management.read-token}, for those who may look but change
 *     nothing; empty when there is none
 * @param observersNeedToken whether metrics and info are only for those who have a token
 * @param hosts {@code caravan.management.hosts}, further names it is called by
 * @param tls where the certificate is, or null for a port without TLS
 */
public record ManagementSettings(
    String host,
    int port,
    String token,
    String readToken,
    boolean observersNeedToken,
    List<String> hosts,
    @Nullable TlsFiles tls) {
  private static final String TOKEN = "caravan.management.token";
  private static final String READ_TOKEN = "caravan.management.read-token";
  private static final int SHORTEST_TOKEN = 16;
  private static final String OBSERVERS = "caravan.management.observers";

  public ManagementSettings {
    hosts = List.copyOf(hosts);
    if (host.isEmpty()) { // which Java takes for localhost, and Vert.x does not accept
      throw noAddress(host);
    }
    if (token.isEmpty() && !isLoopback(host)) {
      throw new InvalidSettingException(
          "camel.management.host is '%s', which others can reach. Set caravan.management.token too, or use 127.0.0.1."
              .formatted(host));
    }
    refuseShort(TOKEN, token);
    refuseShort(READ_TOKEN, readToken);
    if (!token.isEmpty() && token.equals(readToken)) {
      throw new InvalidSettingException(
          "caravan.management.read-token is the same as caravan.management.token. Make another one: it is for those who may only look.");
    }
  }

  /**
   * Reads them.
   *
   * @throws InvalidSettingException for the first that does not fit, by its key
   */
  public static ManagementSettings from(Settings settings) {
    String token = configuredToken(settings);
    return new ManagementSettings(
        settings.text("camel.management.host"),
        settings.integer("camel.management.port", 0, 65535),
        token,
        settings.text(READ_TOKEN),
        !token.isEmpty()
            || switch (settings.text(OBSERVERS)) {
              case "everyone" -> false;
              case "token" -> true;
              default -> throw settings.refuse(OBSERVERS, "everyone or token");
            },
        Arrays.stream(settings.text("caravan.management.hosts").split(","))
            .map(String::strip)
            .filter(host -> !host.isEmpty())
            .toList(),
        TlsFiles.from(settings, "caravan.management.tls"));
  }

  /**
   * The token that the settings say or name the file of, empty when there is none.
   *
   * @throws InvalidSettingException when the file cannot be used
   */
  public static String configuredToken(Settings settings) {
    String token = settings.text(TOKEN);
    String file = settings.text(TOKEN + ".file");
    if (file.isEmpty()) {
      return token;
    }
    if (!token.isEmpty()) {
      throw new InvalidSettingException(
          "%s and %1$s.file are both set; keep the one that is meant.".formatted(TOKEN));
    }
    String problem = "is empty";
    try {
      token = TextFile.read(Path.of(file)).strip();
      if (!token.isEmpty()) {
        return token;
      }
    } catch (NotUtf8Exception e) {
      problem = e.getMessage();
    } catch (InvalidPathException | IOException e) {
      problem = "cannot be read (" + e.getClass().getSimpleName() + ")";
    }
    throw new InvalidSettingException("%s.file is '%s', which %s.".formatted(TOKEN, file, problem));
  }

  /** Whoever can ask this port for a {@link TokenProof} could try out short ones at home. */
  private static void refuseShort(String key, String token) {
    if (!token.isEmpty() && token.length() < SHORTEST_TOKEN) {
      throw new InvalidSettingException(
          "%s has fewer than %d characters, and could be guessed. Make a new one, for instance with: openssl rand -hex 32"
              .formatted(key, SHORTEST_TOKEN));
    }
  }

  /** The scheme of this port's URLs. */
  public String scheme() {
    return tls == null ? "http" : "https";
  }

  /** Where a generated token is kept. */
  public static Path tokenFile(Path data) {
    return data.resolve("management-token");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw noAddress(host);
    }
  }

  private static InvalidSettingException noAddress(String host) {
    return new InvalidSettingException(
        "camel.management.host is '" + host + "', which is not an address of this machine.");
  }

  /** Never shows a token. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
