package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import java.sql.SQLException;

/** Something for the committer to write. All parts of one batch are committed together. */
public interface TransactionPart {
  /** When it was handed in, in nanoTime. */
  long since();

  /** Writes; called again if the transaction was rolled back because another part failed. */
  void write(Transaction writer) throws SQLException;

  /** It is on disk. Called on the committer's thread, which must not be blocked. */
  void committed();

  /** Nothing of it was written. */
  void failed(LogUnavailableException cause);
}
