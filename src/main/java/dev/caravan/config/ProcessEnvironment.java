package dev.caravan.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The environment of this process, in UTF-8 whatever the locale. Java reads it in the encoding of
 * the locale, so under {@code LC_ALL=C} a secret with an umlaut would be misread.
 */
public final class ProcessEnvironment {
  private static final Path AS_THE_SYSTEM_HAS_IT = Path.of("/proc/self/environ");

  private ProcessEnvironment() {}

  /** Its variables by name. */
  public static Map<String, String> read() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    try {
      String all = new String(Files.readAllBytes(AS_THE_SYSTEM_HAS_IT), UTF_8);
      for (String variable : all.split("\0", -1)) {
        int end = variable.indexOf('=');
        if (end > 0) {
          variables.put(variable.substring(0, end), variable.substring(end + 1));
        }
      }
    } catch (IOException e) {
      // only Linux has it; what Java read has to do
    }
    return variables;
  }
}
