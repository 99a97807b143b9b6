package dev.caravan.log.sqlite.file;

import dev.caravan.files.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Creates a missing log file: elsewhere first, so that it exists whole or not at all. SQLite's own
 * way leaves a file that cannot be opened if it is killed in the middle.
 */
public final class MissingLog {
  private final Database database;
  private final Path file;

  public MissingLog(Database database) {
    this.database = database;
    this.file = database.file();
  }

  /**
   * Creates the file unless it exists.
   *
   * @throws IllegalStateException with a sentence for the user when what is there is no whole log
   */
  public void make() throws SQLException {
    try {
      if (Files.exists(database.beside("-journal"))) {
        undoUnfinished();
      }
      if (!Files.exists(file)) {
        refuseToMakeBeside(behindLink().writeAheadFile());
        refuseToMakeBeside(Database.RESTORED, "restore", "Run it again");
        refuseToMakeBeside(
            Database.SALVAGED,
            "salvage",
            "Move log.db.damaged-… back to log.db, with its -wal and -shm, and run it again");
        refuseToReplaceLink();
        makeElsewhereFirst();
      } else if (Files.size(file) == 0) {
        throw new IllegalStateException(
            "The delivery log %s is empty (0 bytes), which no log ever is: what was in it is gone. Restore it from a copy, or delete it to begin with an empty log."
                .formatted(file));
      }
    } catch (IOException e) {
      throw new SQLException("it cannot be made: " + e, e);
    }
  }

  /** The log itself where there is a link to it, even to one that is not there. */
  private Database behindLink() throws IOException {
    return Files.isSymbolicLink(file)
        ? new Database(file.resolveSibling(Files.readSymbolicLink(file)))
        : database;
  }

  /** Its disk may not be mounted. */
  private void refuseToReplaceLink() {
    if (Files.isSymbolicLink(file)) {
      throw new IllegalStateException(
          "The delivery log %s is a link to a file that is not there. Mount its disk, or put the file back; or, to begin with an empty log, delete the link."
              .formatted(file));
    }
  }

  /** SQLite would take its content for a part of the new log. */
  private void refuseToMakeBeside(Path writeAheadFile) throws IOException {
    if (Files.exists(writeAheadFile) && Files.size(writeAheadFile) > 0) {
      throw new IllegalStateException(
          "The delivery log %s is missing, but there is its %s. Put the log back; or, to begin with an empty one, move that away too."
              .formatted(file, writeAheadFile.getFileName()));
    }
  }

  /** An empty log would be taken for the whole log. */
  private void refuseToMakeBeside(String unfinished, String command, String advice)
      throws IOException {
    Path left = behindLink().beside(unfinished);
    if (Files.exists(left)) {
      throw new IllegalStateException(
          "The delivery log %s is missing, but there is %s: 'caravan log %s' was interrupted. %s; or, to begin with an empty log, delete that file."
              .formatted(file, left.getFileName(), command, advice));
    }
  }

  private void makeElsewhereFirst() throws SQLException, IOException {
    Path next = database.beside(".new");
    Database made = new Database(next);
    made.deleteAll(); // a run that was killed may have left it
    try (Connection connection = made.openFresh()) {
      Schema.prepare(connection, next);
    }
    DurableFile.moveIntoPlace(next, file);
  }

  /** Only an older version, which created the log in place, left a journal when killed. */
  private void undoUnfinished() throws SQLException, IOException {
    try (Connection connection = database.openReader(); // rolls back first
        Statement statement = connection.createStatement();
        ResultSet tables = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
      if (tables.getInt(1) > 0) {
        return;
      }
    }
    database.deleteAll();
  }
}
