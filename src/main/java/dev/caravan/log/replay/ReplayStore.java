package dev.caravan.log.replay;

import dev.caravan.log.tables.DueTable;
import dev.caravan.log.tables.SubscriptionTable;
import java.sql.SQLException;

/** Where a replay writes down what is to run again. */
public interface ReplayStore {
  /** What a replay does with a transaction. */
  interface ReplayTransaction {
    /** What is written of subscriptions. */
    SubscriptionTable subscriptions();

    /** What is changed of what is due. */
    DueTable due();

    /**
     * The due deliveries of this subscription, if it runs, are changed in this transaction, from
     * outside.
     */
    void dueChanged(String subscription);
  }

  /** Something to be written; may be called again when the transaction was rolled back. */
  @FunctionalInterface
  interface Body<T> {
    T write(ReplayTransaction transaction) throws SQLException;
  }

  /**
   * Writes, and returns when that is on disk.
   *
   * @throws dev.caravan.log.LogUnavailableException when it cannot be written
   */
  <T> T write(Body<T> body);

  /** Lets outcomes that wait be written without waiting for anything else. */
  void writeOutcomes();
}
