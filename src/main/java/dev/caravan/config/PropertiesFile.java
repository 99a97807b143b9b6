package dev.caravan.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * A settings file. Its format takes a backslash as the start of an escape and says nothing when
 * that makes no sense: a secret with a backslash becomes a different one, and so does a Windows
 * path. So such a backslash is refused.
 */
final class PropertiesFile {
  private static final String ESCAPABLE = "\\ :=#!";
  private static final String CONTROL = "ntrf";

  private PropertiesFile() {}

  /**
   * Reads it.
   *
   * @throws InvalidSettingException with its name, and the line where one can be blamed
   */
  static Map<String, String> read(Path file) {
    try {
      String text = TextFile.read(file);
      refuseLostBackslashes(file, text);
      return parse(text);
    } catch (NotUtf8Exception e) {
      throw new InvalidSettingException(file + " " + e.getMessage() + ".");
    } catch (IllegalArgumentException | IOException e) {
      throw new InvalidSettingException(
          "%s cannot be read as a properties file: %s".formatted(file, e));
    }
  }

  static Map<String, String> parse(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    Map<String, String> values = new HashMap<>();
    properties.forEach((key, value) -> values.put((String) key, (String) value));
    return values;
  }

  private static void refuseLostBackslashes(Path file, String text) {
    String key = "";
    boolean goesOn = false;
    int number = 0;
    for (String line : text.split("\r\n|\r|\n", -1)) {
      number++;
      String content = line.stripLeading();
      if (!goesOn) {
        if (content.isEmpty() || content.startsWith("#") || content.startsWith("!")) {
          continue;
        }
        key = content.split("[=:\\s]", 2)[0];
      }
      goesOn = false;
      for (int at = content.indexOf('\\'); at >= 0; at = content.indexOf('\\', at + 2)) {
        goesOn = at + 1 == content.length();
        if (isLost(key, content.substring(at + 1))) {
          throw new InvalidSettingException(
              "%s:%d: the backslash in %s is taken for the beginning of an escape. Write \\\\ for a backslash."
                  .formatted(file, number, key));
        }
      }
    }
  }

  private static boolean isLost(String key, String afterBackslash) {
    boolean isSecret = SecretKeys.include(key);
    if (afterBackslash.isEmpty()) {
      return isSecret; // it would continue with the next setting
    }
    char next = afterBackslash.charAt(0);
    if (ESCAPABLE.indexOf(next) >= 0) {
      return false;
    }
    if (next == 'u') {
      return !afterBackslash.matches("u[0-9A-Fa-f]{4}.*");
    }
    return CONTROL.indexOf(next) < 0 || isSecret || key.startsWith("caravan.");
  }
}
