package dev.caravan.log.sqlite.commit;

import java.util.List;

/**
 * Something that follows each commit, on the committer's thread, which must not be held up: first
 * all of these in their order, then everybody who handed something in is told.
 */
@FunctionalInterface
public interface AfterCommit {
  /**
   * A batch is on disk.
   *
   * @param parts what was in it
   */
  void committed(List<TransactionPart> parts, CommittedBatch batch);
}
