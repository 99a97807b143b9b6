package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import java.sql.SQLException;

/** Something for the committer to write. All that runs in one batch is committed together. */
public interface TransactionPart {
  /** When it was handed in, in nanoTime. */
  long since();

  /** May be called again when the transaction was rolled back because another part had failed. */
  void write(Transaction writer) throws SQLException;

  /** It is on disk. Called on the committer's thread, which must not be held up. */
  void committed();

  /** Nothing of it was written. */
  void failed(LogUnavailableException cause);
}
