package dev.caravan.log.shipping;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a log is: a directory, on a machine that has not been rebooted. Two programs cannot have
 * that log open at once, so an earlier one there has ended.
 *
 * @param boot the kernel's id of this boot; empty on systems without one
 */
record LogPlace(String host, String boot, Path directory) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** The place of a log in a directory of this machine. */
  static LogPlace of(Path directory) throws IOException {
    return new LogPlace(hostName(), bootId(), directory.toRealPath());
  }

  private static String bootId() throws IOException {
    return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : "";
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unknown host";
    }
  }

  @Override
  public String toString() {
    return "%s, %s%s".formatted(host, directory, boot.isEmpty() ? "" : ", boot " + boot);
  }
}
