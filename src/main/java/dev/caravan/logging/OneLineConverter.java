package dev.caravan.logging;

import java.util.List;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.core.pattern.ConverterKeys;
import org.apache.logging.log4j.core.pattern.LogEventPatternConverter;
import org.apache.logging.log4j.core.pattern.PatternConverter;
import org.apache.logging.log4j.core.pattern.PatternFormatter;

/** {@code %oneLine{pattern}} in a log pattern: what the pattern gives, in one harmless line. */
@Plugin(name = "oneLine", category = PatternConverter.CATEGORY)
@ConverterKeys("oneLine")
public final class OneLineConverter extends LogEventPatternConverter {
  private final List<PatternFormatter> formatters;

  private OneLineConverter(List<PatternFormatter> formatters) {
    super("oneLine", "oneLine");
    this.formatters = formatters;
  }

  /** Called by Log4j, with the pattern as the only option. */
  public static OneLineConverter newInstance(Configuration configuration, String[] options) {
    return new OneLineConverter(PatternLayout.createPatternParser(configuration).parse(options[0]));
  }

  @Override
  public void format(LogEvent event, StringBuilder toAppendTo) {
    StringBuilder raw = new StringBuilder();
    formatters.forEach(formatter -> formatter.format(event, raw));
    toAppendTo.append(Printable.line(raw.toString()));
  }
}
