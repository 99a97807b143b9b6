package dev.caravan.log.sqlite.subscriptions;

import dev.caravan.log.sqlite.commit.Transaction;
import dev.caravan.log.sqlite.commit.Transactions;
import dev.caravan.log.subscription.UnknownSubscriptionException;
import dev.caravan.log.tables.StoredSubscription;
import java.sql.SQLException;

/** Makes waiting retries run now, a few thousand in each transaction to let appends through. */
public final class RetryNow {
  private static final int AT_ONCE = 4096;
  private static final int UNKNOWN = -1;

  private final Transactions transactions;

  public RetryNow(Transactions transactions) {
    this.transactions = transactions;
  }

  /** All retries of a subscription; returns how many there were. */
  public long of(String subscription) {
    long retried = 0;
    int some;
    do {
      some = transactions.run(writer -> write(subscription, writer));
      if (some == UNKNOWN) {
        throw new UnknownSubscriptionException(
            subscription,
            transactions.run(writer -> writer.subscriptions().all()).stream()
                .map(StoredSubscription::name)
                .toList());
      }
      retried += some;
    } while (some == AT_ONCE);
    return retried;
  }

  private int write(String subscription, Transaction writer) throws SQLException {
    StoredSubscription stored = writer.subscriptions().find(subscription);
    if (stored == null) {
      return UNKNOWN;
    }
    writer.dueChanged(subscription);
    return writer.due().retryNow(stored.id(), System.currentTimeMillis(), AT_ONCE);
  }
}
