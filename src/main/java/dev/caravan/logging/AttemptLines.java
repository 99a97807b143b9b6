package dev.caravan.logging;

import dev.caravan.config.WithoutCredentials;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/**
 * Keeps the newest log lines of attempts, whatever log level is set: up to about a megabyte in
 * memory, so none outlives the program. Safe for use by many threads.
 */
public final class AttemptLines implements AutoCloseable {
  private static final int MOST_CHARACTERS = 1 << 20;

  /** What a line takes beside its text. */
  private static final int OVERHEAD = 100;

  private static final int LONGEST_TEXT = 2000;

  private final Deque<Kept> kept = new ArrayDeque<>();
  private final Appender appender = new Appender();
  private Instant since = Instant.now();
  private int characters;

  /**
   * One line.
   *
   * @param text made fit to be printed; long ones are cut
   */
  public record Line(Instant at, String level, String logger, String text) {
    int size() {
      return OVERHEAD + text.length();
    }
  }

  private record Kept(String guid, String attempt, Line line) {}

  private AttemptLines() {}

  /** Begins to keep what this process logs, until it is closed. */
  public static AttemptLines begin() {
    AttemptLines lines = new AttemptLines();
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    lines.appender.start();
    context.getRootLogger().addAppender(lines.appender);
    return lines;
  }

  /** Lines from before that moment are gone. */
  public synchronized Instant keptSince() {
    return since;
  }

  /**
   * Those of an attempt that are left, oldest first.
   *
   * @param attempt as {@link LinesAbout#attempt(String, String, int)} writes it
   * @param from when it began; a replay makes attempts of the same number
   * @param until when the next of that number began
   */
  public synchronized List<Line> of(String guid, String attempt, Instant from, Instant until) {
    return kept.stream()
        .filter(each -> each.guid().equals(guid) && each.attempt().equals(attempt))
        .map(Kept::line)
        .filter(line -> !line.at().isBefore(from) && line.at().isBefore(until))
        .toList();
  }

  @Override
  public void close() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    context.getRootLogger().removeAppender(appender);
    appender.stop();
  }

  private synchronized void keep(Kept line) {
    kept.addLast(line);
    characters += line.line().size();
    while (characters > MOST_CHARACTERS) {
      Line gone = kept.removeFirst().line();
      characters -= gone.size();
      since = gone.at().plusMillis(1);
    }
  }

  /** On the thread that logs. */
  private final class Appender extends AbstractAppender {
    Appender() {
      super("attempt-lines", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      LinesAbout about = LinesAbout.current();
      if (about == null || about.guid() == null || about.attempt() == null) {
        return;
      }
      Instant at = Instant.ofEpochMilli(event.getTimeMillis());
      String name = event.getLoggerName();
      keep(
          new Kept(
              about.guid(),
              about.attempt(),
              new Line(
                  at,
                  event.getLevel().name(),
                  name.substring(name.lastIndexOf('.') + 1),
                  text(event))));
    }

    private static String text(LogEvent event) {
      String message = event.getMessage().getFormattedMessage();
      Throwable thrown = event.getThrown();
      // before the cut, which could leave half of a password that is no longer recognisable
      String text = WithoutCredentials.of(thrown == null ? message : message + " " + thrown);
      return Printable.lines(
          text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + " …");
    }
  }
}
