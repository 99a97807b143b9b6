package dev.caravan.log.sqlite;

import dev.caravan.files.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which large deliveries are being run, so that one which ends the program each
 * time, since a route makes too much of it for the memory there is, is not run at every start for
 * ever. Safe for use by many threads.
 *
 * <p>A mark is a file, written before an attempt begins and deleted when it ends: it outlives the
 * process, which is all it has to. A file that cannot be written costs no delivery its attempt.
 */
final class LargeAttempts {
  /** Bytes of a body from which on it is worth a file. */
  static final int LARGE = 1 << 20;

  /** Two may be a coincidence: a program that was killed twice. */
  static final int MOST_ENDS = 3;

  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final String FOLDER = "large-attempts";

  private final Path folder;
  private final Map<String, Integer> ends = new ConcurrentHashMap<>();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();

  /** Takes up what the last process left. */
  LargeAttempts(Path data) {
    this.folder = data.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
      for (Path mark : left) {
        ends.put(mark.getFileName().toString(), number(Files.readString(mark)));
      }
    } catch (IOException e) {
      say(e);
    }
  }

  /**
   * Takes note that an attempt begins.
   *
   * @throws EndsTheProgramException when so many at that delivery have ended the program that there
   *     is to be no other
   */
  void begin(long subscription, Pending pending) {
    if (pending.length() < LARGE) {
      return;
    }
    String name = name(subscription, pending);
    int before = ends.getOrDefault(name, 0);
    if (before >= MOST_ENDS) {
      throw new EndsTheProgramException(before, pending.length());
    }
    begun.add(name);
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, OwnerOnly.directory(folder));
      }
      Files.writeString(
          folder.resolve(name),
          Integer.toString(before + 1),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      say(e);
    }
  }

  /** Takes note that it has ended, whatever its outcome; a replay begins anew. */
  void end(long subscription, Pending pending) {
    if (pending.length() < LARGE) {
      return;
    }
    forget(name(subscription, pending));
  }

  /** The program stops in good order: what is cut off by that was not the end of it. */
  void close() {
    begun.forEach(this::forget);
  }

  private void forget(String name) {
    ends.remove(name);
    begun.remove(name);
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      say(e);
    }
  }

  private static String name(long subscription, Pending pending) {
    return subscription + "-" + pending.position();
  }

  /** A mark that was being written when the process ended counts as one. */
  private static int number(String text) {
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 1;
  }

  private static void say(IOException failure) {
    LOG.warn(
        "Attempts at large deliveries cannot be noted ({}); one that ends the program would be run again at every start.",
        ErrorSentence.of(failure));
  }
}
