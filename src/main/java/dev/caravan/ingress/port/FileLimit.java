package dev.caravan.ingress.port;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections there is room for among the files that the system lets this process open.
 * With more, strangers could take all of them: nothing could be accepted any more, and neither
 * routes nor the log could open anything.
 */
final class FileLimit {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.ingress");

  /** For the log, the other ports, what routes connect to, and Java itself. */
  private static final int OTHERS = 512;

  private final long files;

  /**
   * @param files how many the process may open; negative without a limit
   */
  FileLimit(long files) {
    this.files = files < 0 ? Long.MAX_VALUE : files;
  }

  /** The limit in force, which Java has raised as far as it may. */
  static FileLimit ofThisProcess() {
    return new FileLimit(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : -1);
  }

  /** So many as are wanted, if there is room for them; else fewer, which is logged. */
  int connections(int wanted) {
    long room = Math.max(files - OTHERS, files / 2);
    if (wanted <= room) {
      return wanted;
    }
    LOG.warn(
        "caravan.connections is {}, but this process may open only {} files, and needs some itself: at most {} connections are open at a time. Raise the limit (ulimit -n, or LimitNOFILE of a service) to {}, or lower the setting.",
        wanted,
        files,
        room,
        wanted + OTHERS);
    return (int) room;
  }
}
