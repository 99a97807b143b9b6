package dev.caravan.rehearsal.stage;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.util.SensitiveUtils;

/** Removes what must not be shown from what is shown. */
public final class Masking {
  private static final String MASK = "***";
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "authorization|cookie|token|secret|passw|passphrase|credential|api-?_?key|private-?key|access-?key|^sig$|^key$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PARAMETER = Pattern.compile("([?&])([^=&\\s]+)=([^&\\s]*)");
  private static final Pattern USER_INFO = Pattern.compile("//[^/\\s]*@");
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{\\??((?:(?:env|sys|properties):)?[^{}:?]+)([^{}]*)}}");

  /** A path that is somebody's secret: all that a chat's webhook asks for. */
  private static final Pattern ADDRESS = Pattern.compile("([a-z][a-z0-9+.-]*://[^/?\\s]+)([/?].+)");

  private static final int SHORTEST = 4;

  /** What a text ends with when it was too long to be kept whole. */
  static final String CUT = "…";

  private final Map<String, String> values =
      new TreeMap<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  /** At most that many characters of a text. */
  static String shortened(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + CUT;
  }

  /** An address without passwords and the like. For short texts: many ? in a row take long. */
  static String uri(String uri) {
    return PARAMETER
        .matcher(USER_INFO.matcher(uri).replaceAll("//***@"))
        .replaceAll(
            each ->
                Matcher.quoteReplacement(
                    each.group(1)
                        + each.group(2)
                        + "="
                        + (isSecret(each.group(2)) ? MASK : each.group(3))));
  }

  private static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name).find() || SensitiveUtils.containsSensitive(name);
  }

  /**
   * Learns what a file has from settings: passwords, and the paths of addresses, which are what a
   * chat's webhook keeps secret. What comes from a file or a vault is a password unless it is an
   * address.
   */
  public void learn(String text, CamelContext context) {
    Matcher placeholders = PLACEHOLDER.matcher(text);
    while (placeholders.find()) {
      String key = placeholders.group(1);
      boolean isFromElsewhere =
          placeholders.group(2).startsWith(":")
              && context.getPropertiesComponent().hasPropertiesFunction(key);
      if (isFromElsewhere) {
        key += placeholders.group(2);
      }
      String value = value("{{?" + key + "}}", context);
      Matcher address = ADDRESS.matcher(value);
      if (address.matches()) {
        hide(address.group(2), key);
        hide(address.group(2).split("\\?", 2)[0], key);
      } else if (isFromElsewhere || isSecret(key)) {
        hide(value, key);
      }
    }
  }

  private void hide(String value, String key) {
    if (value.length() >= SHORTEST) {
      values.put(value, "{{" + key + "}}");
      values.put(URLEncoder.encode(value, StandardCharsets.UTF_8), "{{" + key + "}}");
    }
  }

  private static String value(String placeholder, CamelContext context) {
    try {
      String value = context.resolvePropertyPlaceholders(placeholder);
      return value == null || value.contains("{{") ? "" : value.strip();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** What of it may be shown. */
  public Send masked(Send send) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    send.headers()
        .forEach((name, value) -> headers.put(name, isSecret(name) ? MASK : uri(masked(value))));
    return new Send(
        send.route(),
        send.method(),
        uri(masked(send.to())),
        headers,
        masked(send.body()),
        send.size(),
        send.digest());
  }

  /** The text with a setting's name for its value. */
  public String masked(String text) {
    String masked = text;
    for (Map.Entry<String, String> each : values.entrySet()) {
      masked = masked.replace(each.getKey(), each.getValue());
    }
    return masked.endsWith(CUT) ? withoutCutValue(masked) : masked;
  }

  /** A text that was cut may end in the first half of a value. */
  private String withoutCutValue(String cut) {
    String text = cut.substring(0, cut.length() - CUT.length());
    for (Map.Entry<String, String> each : values.entrySet()) {
      String value = each.getKey();
      for (int length = Math.min(value.length(), text.length()); length >= SHORTEST; length--) {
        if (text.regionMatches(text.length() - length, value, 0, length)) {
          return text.substring(0, text.length() - length) + each.getValue() + CUT;
        }
      }
    }
    return cut;
  }
}
