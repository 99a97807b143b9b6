package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Anything to write but an append; its result can be waited for. */
public final class AwaitedPart<T> implements TransactionPart {
  /** What to write. */
  @FunctionalInterface
  public interface Body<T> {
    T write(Transaction writer) throws SQLException;
  }

  private final Body<T> body;
  private final Consumer<T> afterCommit;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private final long since = System.nanoTime();
  private T result;

  /**
   * @param afterCommit called on the committer's thread once it is on disk, before anything later
   *     is written
   */
  @SuppressWarnings("NullAway.Init") // set before it is read: committed() comes after write()
  AwaitedPart(Body<T> body, Consumer<T> afterCommit) {
    this.body = body;
    this.afterCommit = afterCommit;
  }

  @Override
  public long since() {
    return since;
  }

  @Override
  public void write(Transaction writer) throws SQLException {
    result = body.write(writer);
  }

  @Override
  public void committed() {
    afterCommit.accept(result);
    future.complete(result);
  }

  @Override
  public void failed(LogUnavailableException cause) {
    future.completeExceptionally(cause);
  }

  CompletableFuture<T> future() {
    return future;
  }
}
