package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.files.Directory;
import dev.caravan.files.OwnerOnly;
import dev.caravan.log.dispatch.AttemptMarks;
import dev.caravan.logging.ErrorSentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks of attempts, each a file in the data directory. Safe for use by many threads. */
public final class AttemptMarkFiles implements AttemptMarks {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final String FOLDER = "large-attempts";

  private final Path folder;

  public AttemptMarkFiles(Path data) {
    this.folder = data.resolve(FOLDER);
  }

  @Override
  public Map<String, Integer> left() {
    Map<String, Integer> left = new HashMap<>();
    if (Files.isDirectory(folder)) {
      try {
        for (Path mark : Directory.entries(folder)) {
          left.put(mark.getFileName().toString(), number(Files.readString(mark)));
        }
      } catch (IOException e) {
        say(e);
      }
    }
    return left;
  }

  @Override
  public void set(String name, int number) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, OwnerOnly.directory(folder));
      }
      Files.writeString(
          folder.resolve(name),
          Integer.toString(number),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      say(e);
    }
  }

  @Override
  public void remove(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      say(e);
    }
  }

  /** The number in a mark; 1 if the process ended while writing it. */
  private static int number(String text) {
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 1;
  }

  private static void say(IOException failure) {
    LOG.warn(
        "Attempts at large deliveries cannot be noted ({}); one that ends the program would be run again at every start.",
        ErrorSentence.of(failure));
  }
}
