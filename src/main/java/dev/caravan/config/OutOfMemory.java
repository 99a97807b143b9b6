package dev.caravan.config;

import org.jspecify.annotations.Nullable;

/**
 * Ends the program when memory has run out. The rest would not work any more: some thread has
 * ended, some lock is held. Its supervisor starts it again, and the log has everything that was
 * answered 202.
 *
 * <p>Every documented command line has {@code -XX:+ExitOnOutOfMemoryError}, with which Java itself
 * does that, sooner and even if something catches the error. This class is for command lines
 * without it.
 */
public final class OutOfMemory {
  /** As Java exits with that option. */
  private static final int EXIT_CODE = 3;

  private static final int DEEPEST = 20;

  private OutOfMemory() {}

  /** From then on a thread that ends for lack of memory ends the program. */
  public static void endsProgramOfAnyThread() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          endsProgram(failure);
          System.err.print("Exception in thread \"" + thread.getName() + "\" ");
          failure.printStackTrace();
        });
  }

  /** Ends the program at once if that is the cause of this failure. */
  public static void endsProgram(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof OutOfMemoryError) {
        try {
          System.err.println("Memory has run out, so the program ends. A larger -Xmx may help.");
        } finally {
          Runtime.getRuntime().halt(EXIT_CODE);
        }
      }
      cause = cause.getCause();
    }
  }
}
