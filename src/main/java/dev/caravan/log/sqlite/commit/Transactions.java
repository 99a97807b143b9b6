package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Takes work to be written with the next commit, together with everything else in it. */
public interface Transactions {
  /** Hands it in. */
  void add(TransactionPart work);

  /**
   * Writes, and returns when that is on disk.
   *
   * @throws LogUnavailableException when it cannot be written
   */
  default <T> T run(AwaitedPart.Body<T> body) {
    return run(body, result -> {});
  }

  /**
   * The same.
   *
   * @param afterCommit called once it is on disk, before anything that comes later is written
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

  /** Takes a stretch into the search index, and returns when that is on disk. */
  default void addToIndex(long first, int size, byte[] columns, byte[] mentions) {
    run(
        transaction -> {
          transaction.addToIndex(first, size, columns, mentions);
          return first;
        });
  }
}
