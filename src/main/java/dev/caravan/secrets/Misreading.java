package dev.caravan.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a secret became when it was copied from one place to another.
 *
 * @param how what GitHub has, in words that follow "GitHub signs with": never the value
 * @param secret what GitHub signs with then
 */
public record Misreading(String how, Secret secret) {

  /**
   * The ways in which a secret is most often mistyped, on one side or the other; the most usual
   * first.
   */
  public static List<Misreading> of(Secret secret) {
    byte[] key = secret.key();
    // One char for each byte, so that a secret in any encoding comes back as it was.
    String text = new String(key, ISO_8859_1);
    List<Misreading> found = new ArrayList<>();
    add(found, "a line break at the end of this secret", text + "\n");
    add(found, "a carriage return and a line break at the end of this secret", text + "\r\n");
    add(found, "a blank at the end of this secret", text + " ");
    add(found, "a blank before this secret", " " + text);
    add(found, "double quotes around this secret", '"' + text + '"');
    add(found, "single quotes around this secret", "'" + text + "'");
    if (text.length() > 2 && isQuoted(text)) {
      add(
          found,
          "this secret without the quotes it has here",
          text.substring(1, text.length() - 1));
    }
    add(found, "the Base64 form of this secret", encoded(key));
    try {
      byte[] decoded = Base64.getDecoder().decode(key);
      if (decoded.length > 0) {
        add(found, "what this secret is the Base64 form of", new String(decoded, ISO_8859_1));
      }
    } catch (IllegalArgumentException e) {
      // not Base64
    }
    return found;
  }

  private static boolean isQuoted(String text) {
    char first = text.charAt(0);
    return (first == '"' || first == '\'') && text.charAt(text.length() - 1) == first;
  }

  private static String encoded(byte[] key) {
    return Base64.getEncoder().encodeToString(key);
  }

  private static void add(List<Misreading> found, String how, String text) {
    found.add(new Misreading(how, new Secret(text.getBytes(ISO_8859_1))));
  }
}
