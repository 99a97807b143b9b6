package dev.caravan.logging;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.pattern.ConverterKeys;
import org.apache.logging.log4j.core.pattern.LogEventPatternConverter;
import org.apache.logging.log4j.core.pattern.PatternConverter;
import org.jspecify.annotations.Nullable;

/**
 * {@code %trace} in a log pattern: the exception with its causes, as Java prints it but indented.
 *
 * <p>Log4j's own prints the message of an exception as it is, and such a message may quote a
 * delivery.
 */
@Plugin(name = "trace", category = PatternConverter.CATEGORY)
@ConverterKeys("trace")
public final class TraceConverter extends LogEventPatternConverter {
  /** Camel's exceptions quote bodies, and a body may be 25 MiB. */
  private static final int LONGEST = 2000;

  private TraceConverter() {
    super("trace", "trace");
  }

  /** Called by Log4j; there are no options. */
  public static TraceConverter newInstance(String[] options) {
    return new TraceConverter();
  }

  @Override
  public boolean handlesThrowable() {
    return true; // or the layout adds Log4j's own
  }

  @Override
  public void format(LogEvent event, StringBuilder toAppendTo) {
    append(
        event.getThrown(),
        "    ",
        "",
        toAppendTo,
        Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static String sentence(Throwable thrown) {
    String sentence = thrown.toString();
    return Printable.line(
        sentence.length() <= LONGEST ? sentence : sentence.substring(0, LONGEST) + "…");
  }

  private static void append(
      @Nullable Throwable thrown,
      String indent,
      String caption,
      StringBuilder text,
      Set<Throwable> printed) {
    if (thrown == null || !printed.add(thrown)) {
      return;
    }
    text.append(indent).append(caption).append(sentence(thrown)).append('\n');
    for (StackTraceElement frame : thrown.getStackTrace()) {
      text.append(indent).append("    at ").append(frame).append('\n');
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      append(suppressed, indent + "    ", "Suppressed: ", text, printed);
    }
    append(thrown.getCause(), indent, "Caused by: ", text, printed);
  }
}
