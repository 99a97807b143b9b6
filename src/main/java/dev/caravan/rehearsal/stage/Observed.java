package dev.caravan.rehearsal.stage;

import dev.caravan.logging.ErrorSentence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was observed of one delivery in one route. Safe for use by many threads. */
public final class Observed {
  /** A route may loop; the rest is counted. */
  private static final int MOST = 200;

  private static final int LONGEST_TEXT = 2_000;

  private final List<Answer> answers;
  private final List<Send> sends = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private int more;
  private volatile boolean isOver;

  /**
   * A step that failed, whatever the route made of it.
   *
   * @param step its kind, expression and place
   */
  private record Failure(Throwable error, String step) {}

  /**
   * @param answers of the endpoints, the first that fits counts
   */
  public Observed(List<Answer> answers) {
    this.answers = List.copyOf(answers);
  }

  /** What endpoints answer. */
  List<Answer> answers() {
    return answers;
  }

  /** Its time is up. */
  public void end() {
    isOver = true;
  }

  /** Whether its time is up: a route that runs on for ever is to run on no further. */
  boolean isOver() {
    return isOver;
  }

  synchronized void sent(Send send) {
    if (sends.size() < MOST) {
      sends.add(send);
    } else {
      more++;
    }
  }

  synchronized void logged(String line) {
    note("logs: " + line);
  }

  synchronized void readFrom(String uri) {
    note("reads from " + uri + ", and gets nothing in a rehearsal");
  }

  private void note(String text) {
    if (notes.size() < MOST) {
      notes.add(Masking.shortened(text, LONGEST_TEXT));
    }
  }

  /** The innermost step is told first. */
  synchronized void failed(Throwable error, String step) {
    if (failures.size() < MOST && failures.stream().noneMatch(each -> each.error() == error)) {
      failures.add(new Failure(error, step));
    }
  }

  /** What was sent, in that order, as far as it is kept: {@link #more} counts the rest. */
  public synchronized List<Send> sends() {
    return List.copyOf(sends);
  }

  /** How many more there were than are kept. */
  public synchronized int more() {
    return more;
  }

  /**
   * What else there is to say of it.
   *
   * @param outcome the failure that is said already; null without one
   */
  public synchronized List<String> notes(@Nullable Throwable outcome) {
    List<String> all = new ArrayList<>(notes);
    for (Failure failure : failures) {
      if (!isWithin(failure.error(), outcome)) {
        all.add("fails on the way: " + sentence(failure.step(), failure.error()));
      }
    }
    return all;
  }

  /** Which step met what. */
  public synchronized String sentence(Throwable error) {
    for (Failure failure : failures) {
      if (isWithin(failure.error(), error)) {
        return sentence(failure.step(), failure.error());
      }
    }
    return plain(error);
  }

  private static String sentence(String step, Throwable error) {
    return step + ": " + plain(error);
  }

  private static String plain(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return ErrorSentence.line(root, LONGEST_TEXT);
  }

  private static boolean isWithin(Throwable sought, @Nullable Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each == sought) {
        return true;
      }
    }
    return false;
  }
}
