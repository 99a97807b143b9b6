package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Takes parts for the next commit. */
public interface Transactions {
  /** Hands in a part. Does not block. */
  void add(TransactionPart work);

  /**
   * Writes, and returns when it is on disk.
   *
   * @throws LogUnavailableException when it cannot be written
   */
  default <T> T run(AwaitedPart.Body<T> body) {
    return run(body, result -> {});
  }

  /**
   * The same.
   *
   * @param afterCommit called once it is on disk, before anything later is written
   */
  default <T> T run(AwaitedPart.Body<T> body, Consumer<T> afterCommit) {
    AwaitedPart<T> task = new AwaitedPart<>(body, afterCommit);
    add(task);
    try {
      return task.future().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LogUnavailableException unavailable ? unavailable : e;
    }
  }

  /** Adds a stretch to the search index, and returns when it is on disk. */
  default void addToIndex(long first, int size, byte[] columns, byte[] mentions) {
    run(
        transaction -> {
          transaction.addToIndex(first, size, columns, mentions);
          return first;
        });
  }
}
