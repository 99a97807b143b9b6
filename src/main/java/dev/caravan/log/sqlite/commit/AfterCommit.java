package dev.caravan.log.sqlite.commit;

import java.util.List;

/**
 * Follows each commit, on the committer's thread, which must not be blocked. All of these come
 * first, in their order; then everybody who handed something in is told.
 */
@FunctionalInterface
public interface AfterCommit {
  /**
   * A batch is on disk.
   *
   * @param parts all that was in it
   */
  void committed(List<TransactionPart> parts, CommittedBatch batch);
}
