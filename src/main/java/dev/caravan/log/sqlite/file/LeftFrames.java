package dev.caravan.log.sqlite.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What is in a write-ahead file that another run, or connections closed after a failure, have left.
 * Must be made safe before anything is written after it: what a failed flush dropped can still be
 * read from the system's memory, but would be a gap on disk. The data directory must be owned.
 */
public final class LeftFrames {
  private static final int AT_ONCE = 1 << 20;

  private final Database database;

  public LeftFrames(Database database) {
    this.database = database;
  }

  /**
   * Moves all of it to its place.
   *
   * @throws SQLException also when somebody reads the log for longer than SQLite waits
   */
  public void move() throws SQLException {
    writeAgain();
    try (Connection connection = database.openReader()) {
      refuseInTheWay(connection);
    }
  }

  /**
   * Moves all of it to its place; while another process reads the log, for a backup say, it is left
   * where it is, and flushed.
   *
   * <p>That would not be enough if some of it counts as moved, which SQLite remembers while anybody
   * has the log open: whether that has reached the disk, nobody can tell.
   */
  public void makeSafe() throws SQLException {
    writeAgain();
    try (Connection connection = database.openReader();
        Statement statement = connection.createStatement()) {
      if (checkpoint(statement, "NOOP").moved() > 0) {
        refuseInTheWay(connection);
      } else {
        statement.execute("PRAGMA busy_timeout = 0"); // a backup may read for hours
        checkpoint(statement, "TRUNCATE");
      }
    }
  }

  private static void refuseInTheWay(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (checkpoint(statement, "TRUNCATE").isHindered()) {
        throw new SQLException("another connection is in the way of its write-ahead file");
      }
    }
  }

  private record Checkpoint(boolean isHindered, int moved) {}

  private static Checkpoint checkpoint(Statement statement, String mode) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      return new Checkpoint(row.getBoolean(1), row.getInt(3));
    }
  }

  /**
   * Writes each byte over itself, and flushes: the system takes it for new. Those who read the file
   * see no difference. Also done before all is moved, or the power could fail when half of it is,
   * and the file not whole. SQLite has no locks on this file that closing it would release.
   */
  private void writeAgain() throws SQLException {
    try (FileChannel file =
        FileChannel.open(
            database.writeAheadFile(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(AT_ONCE);
      long at = 0;
      while (file.read(bytes.clear(), at) > 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          at += file.write(bytes, at);
        }
      }
      file.force(true);
    } catch (NoSuchFileException e) {
      // nothing was left
    } catch (IOException e) {
      throw new SQLException("its write-ahead file cannot be written: " + e, e);
    }
  }
}
