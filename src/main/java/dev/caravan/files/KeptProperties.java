package dev.caravan.files;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.slf4j.Logger;

/**
 * A small file of names and texts that is kept from run to run, and written only when something in
 * it has changed. Read and written by one thread at a time.
 */
public final class KeptProperties {
  private final Path file;
  private final String comment;
  private volatile Map<String, String> written = Map.of();
  private boolean complained;

  /**
   * @param comment for people who open the file
   */
  public KeptProperties(Path file, String comment) {
    this.file = file;
    this.comment = comment;
  }

  /**
   * What the file says; nothing when there is none.
   *
   * @throws IOException when it cannot be read
   * @throws IllegalArgumentException when it is broken
   */
  public Map<String, String> read() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    if (Files.exists(file)) {
      Properties kept = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        kept.load(reader);
      }
      kept.stringPropertyNames().forEach(name -> texts.put(name, kept.getProperty(name)));
    }
    written = Map.copyOf(texts);
    return texts;
  }

  /** What was last read from the file or written to it. */
  public Map<String, String> written() {
    return written;
  }

  /** Writes the file, whole or not at all, when these are not in it already. */
  public void write(Map<String, String> texts) throws IOException {
    if (texts.equals(written)) {
      return;
    }
    Properties properties = new Properties();
    properties.putAll(texts);
    StringWriter text = new StringWriter();
    properties.store(text, comment);
    DurableFile.write(file, text.toString());
    written = Map.copyOf(texts);
  }

  /** The same, but a failure is logged there, once until it works again. */
  public void write(Map<String, String> texts, Logger complaints) {
    try {
      write(texts);
      complained = false;
    } catch (IOException e) {
      if (!complained) {
        complained = true;
        complaints.warn("{} cannot be written ({}); trying again.", file, e.toString());
      }
    }
  }
}
