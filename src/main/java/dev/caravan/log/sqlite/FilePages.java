package dev.caravan.log.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/** The pages that the log's file consists of. For the committer's thread. */
final class FilePages {
  private final Connection connection;
  private final PreparedStatement count;

  FilePages(Connection connection) throws SQLException {
    this.connection = connection;
    this.count =
        connection.prepareStatement(
            "SELECT page_count, freelist_count, page_size"
                + " FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
  }

  /** How many there are, and how many of those hold nothing. */
  record Count(long all, long free, long bytesEach) {
    long bytesUsed() {
      return (all - free) * bytesEach;
    }
  }

  Count count() throws SQLException {
    try (ResultSet row = count.executeQuery()) {
      return new Count(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  /** Gives pages that hold nothing back to the file system, at the next checkpoint. */
  void giveBack(int pages) throws SQLException {
    // Not through a statement: the driver would stop after the first page, and keep it open.
    int result =
        connection
            .unwrap(SQLiteConnection.class)
            .getDatabase()
            ._exec("PRAGMA incremental_vacuum(" + pages + ")");
    if (result != SQLiteErrorCode.SQLITE_OK.code) {
      throw new SQLException("Pages cannot be given back: " + SQLiteErrorCode.getErrorCode(result));
    }
  }
}
