package dev.caravan.log.postgres.database;

import java.sql.SQLException;

/** What a failure means for what is done next. */
public final class Failures {
  private Failures() {}

  /** This transaction conflicted with another and was rolled back: it may be run again. */
  static boolean isConflict(SQLException failure) {
    return state(failure).startsWith("40");
  }

  /** Another transaction held a lock for longer than this one was to wait. */
  public static boolean isLocked(SQLException failure) {
    return state(failure).equals("55P03");
  }

  /** What was found before is not there any more. */
  public static boolean isForgotten(SQLException failure) {
    return state(failure).equals("P0002");
  }

  /**
   * The connection is of no more use, or its server cannot write: gone, stopping, starting, a
   * standby.
   */
  static boolean isOfTheConnection(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("58")
        || state.startsWith("F0")
        || state.equals("25006")
        || state.equals("53300")
        || state.isEmpty();
  }

  /**
   * The cause is not what was to be written: the same may succeed in a moment, or once somebody has
   * repaired the database, such as a password or a table. True for all but a value that no column
   * holds, one that breaks a rule, and one too large for a row (classes 22, 23 and 54 of
   * PostgreSQL's appendix "Error Codes"), which would be refused each time.
   */
  public static boolean isPassing(SQLException failure) {
    String state = state(failure);
    return !(state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
  }

  private static String state(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }
}
