package dev.caravan.log.postgres.database;

import java.sql.SQLException;

/** What a failure says about the database, as far as a decision depends on it. */
public final class Failures {
  private Failures() {}

  /** Two transactions were in each other's way, and this one was undone: it may be run again. */
  static boolean isConflict(SQLException failure) {
    return state(failure).startsWith("40");
  }

  /** Another transaction held what this one needed for longer than it was to wait. */
  public static boolean isLocked(SQLException failure) {
    return state(failure).equals("55P03");
  }

  /**
   * The connection is of no use any more, or leads to a server that cannot write: gone, shutting
   * down, starting up, a standby.
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
   * It says nothing about what was to be written: the same may succeed in a moment, or once
   * somebody has fixed what is wrong with the database, such as a password or a table. All but a
   * value that no column holds, a rule that it breaks, and more than a row holds (classes 22, 23
   * and 54 of PostgreSQL's appendix "Error Codes"), which would be refused each time.
   */
  public static boolean isPassing(SQLException failure) {
    String state = state(failure);
    return !(state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
  }

  private static String state(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }
}
