package dev.caravan.github.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.caravan.files.OwnerOnly;
import dev.caravan.github.api.Hook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a recovery, in a file: what it has asked GitHub for, and up to when nothing of a
 * hook is missing. A killed one thereby continues where it was, and two on one data directory never
 * ask at the same time.
 *
 * <p>A request is written down before GitHub is asked: a process that dies in between later waits
 * for a delivery in vain, instead of asking twice.
 */
public final class RecoveryPlace implements AutoCloseable {
  /** Why it cannot be opened, for the user. */
  public static final String TAKEN =
      "Another recovery is at work here, a command or the running server itself. Wait for it to end.";

  private static final Duration KEPT = Duration.ofDays(8);
  private static final int LARGEST = 64 << 20;

  private final FileChannel file;
  private final Map<String, Asked> asked = new HashMap<>();
  private final Map<String, Instant> complete = new HashMap<>();

  private record Asked(Instant last, int times) {}

  private RecoveryPlace(FileChannel file) {
    this.file = file;
  }

  /**
   * Opens the file, or creates it.
   *
   * @return empty while another recovery has it
   * @throws UncheckedIOException when it cannot be written
   */
  public static Optional<RecoveryPlace> open(Path path, Instant now) {
    try {
      FileChannel file = FileChannel.open(path, Set.of(CREATE, READ, WRITE), OwnerOnly.file(path));
      if (!isOurs(file)) {
        file.close();
        return Optional.empty();
      }
      RecoveryPlace place = new RecoveryPlace(file);
      place.read(now);
      place.rewrite();
      return Optional.of(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When GitHub was last asked for it; null when it never was. */
  @Nullable Instant lastAsked(String guid) {
    Asked found = asked.get(guid);
    return found == null ? null : found.last();
  }

  /** How often GitHub was asked for it. */
  int timesAsked(String guid) {
    Asked found = asked.get(guid);
    return found == null ? 0 : found.times();
  }

  /** Writes down that GitHub is about to be asked for it. */
  void asking(String guid, Instant now) {
    take(guid, now);
    write("asked " + guid + " " + now.toEpochMilli() + "\n");
  }

  /**
   * Up to when nothing of the hook is missing; null when that is not known.
   *
   * @param routes stands for what is wanted: with other routes, something else may be missing
   */
  @Nullable Instant complete(Hook hook, String routes) {
    return complete.get(key(hook, routes));
  }

  /** Writes down that nothing of the hook is missing up to that time. */
  void complete(Hook hook, String routes, Instant until) {
    complete.put(key(hook, routes), until);
    write("complete " + key(hook, routes) + " " + until.toEpochMilli() + "\n");
  }

  @Override
  public void close() {
    try {
      file.close(); // and with it the lock
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOurs(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // another recovery of this very process
    }
  }

  private static String key(Hook hook, String routes) {
    return hook.owner().name() + "#" + hook.id() + "#" + routes;
  }

  private void take(String guid, Instant at) {
    asked.merge(guid, new Asked(at, 1), (old, now) -> new Asked(at, old.times() + 1));
  }

  private void read(Instant now) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), LARGEST));
    while (bytes.hasRemaining() && file.read(bytes) >= 0) {
      // until all of it is read
    }
    Instant oldest = now.minus(KEPT);
    for (String line : new String(bytes.array(), 0, bytes.position(), UTF_8).split("\n", -1)) {
      // A crash may have cut a line off.
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[2].matches("\\d{13}")) {
        Instant at = Instant.ofEpochMilli(Long.parseLong(words[2]));
        if (at.isAfter(oldest)) {
          if (words[0].equals("complete")) {
            complete.put(words[1], at);
          } else {
            take(words[1], at);
          }
        }
      }
    }
  }

  /** Rewrites the file without what is too old to matter. */
  private void rewrite() throws IOException {
    file.truncate(0);
    StringBuilder lines = new StringBuilder();
    complete.forEach(
        (hook, until) ->
            lines
                .append("complete ")
                .append(hook)
                .append(' ')
                .append(until.toEpochMilli())
                .append('\n'));
    asked.forEach(
        (guid, found) ->
            lines.append(
                ("asked " + guid + " " + found.last().toEpochMilli() + "\n")
                    .repeat(found.times())));
    write(lines.toString());
  }

  private void write(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      file.position(file.size());
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
