package dev.caravan.logging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.pattern.ConverterKeys;
import org.apache.logging.log4j.core.pattern.LogEventPatternConverter;
import org.apache.logging.log4j.core.pattern.PatternConverter;

/** {@code %text} in a log pattern: the message, in one harmless line unless it is JSON. */
@Plugin(name = "text", category = PatternConverter.CATEGORY)
@ConverterKeys("text")
public final class TextConverter extends LogEventPatternConverter {
  private static final JsonFactory JSON = new JsonFactory();

  private TextConverter() {
    super("text", "text");
  }

  /** Called by Log4j; there are no options. */
  public static TextConverter newInstance(String[] options) {
    return new TextConverter();
  }

  @Override
  public void format(LogEvent event, StringBuilder toAppendTo) {
    toAppendTo.append(of(event.getMessage().getFormattedMessage()));
  }

  /**
   * A message that as a whole is a JSON document keeps its lines, indented: line ends within its
   * strings are escaped, so those that are left are layout, meant to be seen. In any other message
   * a line end may come from a delivery, and is escaped.
   */
  static String of(String message) {
    return message.indexOf('\n') >= 0 && isJson(message)
        ? Printable.lines(message).replace("\n", "\n    ")
        : Printable.line(message);
  }

  private static boolean isJson(String message) {
    if (message.charAt(0) != '{' && message.charAt(0) != '[') {
      return false;
    }
    try (JsonParser parser = JSON.createParser(message)) {
      parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
