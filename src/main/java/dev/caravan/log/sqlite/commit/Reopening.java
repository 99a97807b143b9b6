package dev.caravan.log.sqlite.commit;

import dev.caravan.log.sqlite.file.Checkpointer;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.LeftFrames;
import dev.caravan.log.sqlite.file.LogReaders;
import dev.caravan.log.sqlite.file.OpenFiles;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reopens the log's files after a failed checkpoint.
 *
 * <p>A partial checkpoint counts pages as moved before they are flushed. When a later flush fails,
 * the system drops them, and pages that SQLite counts as moved are not on disk: the next checkpoint
 * that succeeds would discard the only copy. SQLite keeps that count as long as any connection is
 * open. So all are closed, and the write-ahead file is moved once more from its start.
 */
public final class Reopening {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  private final Database database;
  private final OpenFiles files;
  private final BatchWriter transactions;
  private final Checkpointer checkpointer;
  private final List<LogReaders> readers;

  public Reopening(
      Database database,
      OpenFiles files,
      BatchWriter transactions,
      Checkpointer checkpointer,
      List<LogReaders> readers) {
    this.database = database;
    this.files = files;
    this.transactions = transactions;
    this.checkpointer = checkpointer;
    this.readers = readers;
  }

  /** Reopens. Called by the committer, outside a transaction; readers wait meanwhile. */
  void run() throws SQLException {
    try {
      for (LogReaders each : readers) {
        each.suspend();
      }
      Connection last = database.openBystander();
      try {
        transactions.close();
        checkpointer.closeConnection();
      } finally {
        last.close();
      }
      new LeftFrames(database).move();
      files.forget(database.writeAheadFile());
      checkpointer.openConnection();
      LOG.info("The delivery log's files were reopened, and its write-ahead file was moved.");
    } finally {
      readers.forEach(LogReaders::resume);
    }
  }
}
