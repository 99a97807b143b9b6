package dev.caravan.log.sqlite.file;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/** The pages of the log's file. For the committer's thread. */
public final class FilePages {
  private final Connection connection;
  private final PreparedStatement count;

  public FilePages(Connection connection) throws SQLException {
    this.connection = connection;
    this.count =
        connection.prepareStatement(
            "SELECT page_count, freelist_count, page_size"
                + " FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
  }

  /** How many there are, and how many of them are free. */
  public record Count(long all, long free, long bytesEach) {
    public long bytesUsed() {
      return (all - free) * bytesEach;
    }
  }

  public Count count() throws SQLException {
    try (ResultSet row = count.executeQuery()) {
      return new Count(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  /** Gives free pages back to the file system, at the next checkpoint. */
  public void giveBack(int pages) throws SQLException {
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
