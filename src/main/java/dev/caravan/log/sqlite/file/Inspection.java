package dev.caravan.log.sqlite.file;

import dev.caravan.log.tables.Guids;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the file before the log is opened: was the last run killed, what was recovered, and is
 * the file sound?
 *
 * <p>A clean stop leaves no write-ahead file. From one that it finds, SQLite recovers all complete
 * commits, and drops what follows: a commit under way, or damage.
 */
public final class Inspection {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** A check reads the whole file: a tenth of a second for this much, if it is in memory. */
  private static final long CHECKED_BYTES = 128L << 20;

  private static final int HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int PAGE_SIZE_AT = 8;
  private static final int SALT_AT = 16;
  private static final int SALT_OF_FRAME_AT = 8;

  private final Database database;

  private Inspection(Database database) {
    this.database = database;
  }

  /**
   * Looks, and logs what was found.
   *
   * @return whether the last run left a write-ahead file
   * @throws IllegalStateException with a sentence for the user when the file is damaged
   */
  public static boolean of(Database database) throws SQLException {
    return new Inspection(database).run();
  }

  private boolean run() throws SQLException {
    boolean unclean = size(database.writeAheadFile()) > 0;
    try (Connection connection = database.openInspector();
        Statement statement = connection.createStatement()) {
      if (size(database.file()) + size(database.writeAheadFile()) <= CHECKED_BYTES) {
        check(statement);
      }
      if (unclean) {
        report(statement);
      }
      return unclean;
    } catch (SQLException e) {
      if (Damage.is(e)) {
        throw damaged(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  private void check(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      String found = row.getString(1);
      if (!found.equals("ok")) {
        throw damaged(found, null);
      }
    }
  }

  private void report(Statement statement) throws SQLException {
    long pages;
    try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
      pages = Math.max(0, row.getLong(2));
    }
    long dropped = bytesAfter(pages);
    LOG.info(
        "The last run did not stop cleanly. {} pages were recovered from its write-ahead file{}.{}",
        pages,
        dropped == 0
            ? ""
            : "; the last " + dropped + " bytes of it belong to no complete commit and are dropped",
        newest(statement));
  }

  private static String newest(Statement statement) throws SQLException {
    String sql =
        "SELECT guid, received_at FROM delivery WHERE position = (SELECT max(position) FROM delivery)";
    try (ResultSet table =
        statement.executeQuery("SELECT 1 FROM sqlite_schema WHERE name = 'delivery'")) {
      if (!table.next()) {
        return "";
      }
    }
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next()
          ? " The newest delivery in the log is %s, received at %s."
              .formatted(Guids.decode(row.getBytes(1)), Instant.ofEpochMilli(row.getLong(2)))
          : "";
    }
  }

  /**
   * How many bytes follow the good pages and have the same salt. Those with another salt are left
   * from before the file last restarted.
   */
  private long bytesAfter(long pages) throws SQLException {
    try (FileChannel file = FileChannel.open(database.writeAheadFile(), StandardOpenOption.READ)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      if (file.read(header, 0) < HEADER) {
        return file.size();
      }
      long frame = FRAME_HEADER + (long) header.getInt(PAGE_SIZE_AT);
      long end = HEADER + pages * frame;
      long salt = header.getLong(SALT_AT);
      long at = end;
      ByteBuffer start = ByteBuffer.allocate(SALT_OF_FRAME_AT + Long.BYTES);
      while (file.read(start.clear(), at) == start.capacity()
          && start.getLong(SALT_OF_FRAME_AT) == salt) {
        at += frame;
      }
      return Math.min(at, file.size()) - end;
    } catch (IOException e) {
      throw new SQLException("its write-ahead file cannot be read: " + e, e);
    }
  }

  private IllegalStateException damaged(String found, @Nullable Exception cause) {
    return new IllegalStateException(Damage.sentence(database.file(), found), cause);
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0; // opening it will tell what is wrong
    }
  }
}
