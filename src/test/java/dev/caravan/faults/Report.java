package dev.caravan.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a test measured, in {@code target/faults}. */
final class Report {
  private final Path file;

  Report(String name) {
    try {
      file = Files.createDirectories(Path.of("target", "faults")).resolve(name + ".txt");
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // a format that does not fit fails its test anyway
  void line(String format, Object... values) {
    String line = format.formatted(values);
    System.out.println(line);
    try {
      Files.writeString(file, line + System.lineSeparator(), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
