package dev.caravan.takeover;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the public port should listen.
 *
 * @param host an address of this machine; ignored for a file
 * @param port 0 takes a free one
 * @param file of a Unix socket instead of them, or null
 * @param mode of that file
 */
public record PublicAddress(
    String host, int port, @Nullable Path file, Set<PosixFilePermission> mode) {
  private static final String HOST = "camel.server.host";
  private static final String MODE = "caravan.socket-mode";
  private static final String UNIX = "unix:";

  /**
   * Reads the settings.
   *
   * @throws InvalidSettingException for one that does not fit, by its key
   */
  public static PublicAddress from(Settings settings) {
    String host = settings.text(HOST);
    return new PublicAddress(
        host,
        settings.integer("camel.server.port", 0, 65535),
        host.startsWith(UNIX) ? file(settings, host.substring(UNIX.length())) : null,
        mode(settings));
  }

  private static Path file(Settings settings, String name) {
    if (!name.startsWith("/")) {
      throw settings.refuse(HOST, "an address, or the whole path of a socket (unix:/run/x.sock)");
    }
    return Path.of(name);
  }

  private static Set<PosixFilePermission> mode(Settings settings) {
    String text = settings.text(MODE);
    if (!text.matches("0?[0-7]{3}")) {
      throw settings.refuse(MODE, "the mode of a file, such as 660");
    }
    int bits = Integer.parseInt(text, 8);
    // From the owner's reading, the highest bit, to the others' executing.
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
    for (int index = 0; index < all.length; index++) {
      if ((bits & 1 << (all.length - 1 - index)) != 0) {
        mode.add(all[index]);
      }
    }
    return mode;
  }

  /** As it is written in a sentence. */
  @Override
  public String toString() {
    return file == null ? host + " port " + port : UNIX + file;
  }
}
