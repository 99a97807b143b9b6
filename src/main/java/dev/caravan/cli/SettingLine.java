package dev.caravan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the line of a settings file that an error about a setting refers to. */
final class SettingLine {
  private static final Pattern KEY = Pattern.compile("\\s*([A-Za-z][\\w.\\[\\]-]*)\\s*[=:].*");

  private SettingLine() {}

  /** The line, from 1; null when the sentence names no key that is in the file. */
  static @Nullable Integer in(Path file, String sentence) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      return null; // not UTF-8, perhaps, which the sentence then says
    }
    String text = plain(sentence);
    Integer found = null;
    int length = 0;
    for (int index = 0; index < lines.size(); index++) {
      Matcher matcher = KEY.matcher(lines.get(index));
      // The longest key, since caravan.secret is part of caravan.secrets.x, and its last line,
      // which is the one that counts.
      if (matcher.matches()
          && matcher.group(1).length() >= length
          && text.contains(plain(matcher.group(1)))) {
        found = index + 1;
        length = matcher.group(1).length();
      }
    }
    return found;
  }

  /** Camel takes no-such for noSuch, and reports the latter. */
  private static String plain(String text) {
    return text.replace("-", "").toLowerCase(Locale.ROOT);
  }
}
