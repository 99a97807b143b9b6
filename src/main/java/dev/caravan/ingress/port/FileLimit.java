package dev.caravan.ingress.port;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections there is room for among the files that the system lets this process open.
 * With more, strangers could take all of them: nothing could be accepted any more, and neither
 * routes nor the log could open anything.
 */
final class FileLimit {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.ingress");
  private static final Path OF_THIS_PROCESS = Path.of("/proc/self/limits");

  /** Its first number is the limit in force, which Java has raised as far as it may. */
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+) ");

  /** For the log, the other ports, what routes connect to, and Java itself. */
  private static final int OTHERS = 512;

  private final int files;

  private FileLimit(int files) {
    this.files = files;
  }

  static FileLimit ofThisProcess() {
    return of(OF_THIS_PROCESS);
  }

  /** The one that such a file says; none where there is no such file, as on macOS. */
  static FileLimit of(Path limits) {
    try {
      Matcher found = OPEN_FILES.matcher(Files.readString(limits));
      return new FileLimit(
          found.find()
              ? (int) Math.min(Long.parseLong(found.group(1)), Integer.MAX_VALUE)
              : Integer.MAX_VALUE); // unlimited
    } catch (IOException | NumberFormatException e) {
      return new FileLimit(Integer.MAX_VALUE);
    }
  }

  /** So many as are wanted, if there is room for them; else fewer, which is logged. */
  int connections(int wanted) {
    int room = Math.max(files - OTHERS, files / 2);
    if (wanted <= room) {
      return wanted;
    }
    LOG.warn(
        "caravan.connections is {}, but this process may open only {} files, and needs some itself: at most {} connections are open at a time. Raise the limit (ulimit -n, or LimitNOFILE of a service) to {}, or lower the setting.",
        wanted,
        files,
        room,
        wanted + OTHERS);
    return room;
  }
}
