package dev.caravan.log.sqlite;

import dev.caravan.log.LogOptions;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.dispatch.SystemTiming;
import dev.caravan.log.dispatch.running.Dispatchers;
import dev.caravan.log.reading.ReadFailures;
import dev.caravan.log.sqlite.file.FileReadFailures;
import dev.caravan.log.sqlite.subscriptions.AttemptMarkFiles;
import dev.caravan.log.sqlite.subscriptions.CatchUp;
import dev.caravan.log.sqlite.subscriptions.RetryNow;
import dev.caravan.log.sqlite.subscriptions.SqliteSubscriptionStore;
import dev.caravan.log.sqlite.subscriptions.SubscriptionStarts;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.tables.EventTypes;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;

/** Begins, pauses, resumes and ends the subscriptions that run in this process. */
final class SubscriptionControl {
  private final RunningSubscriptions running;
  private final SystemTiming timing = new SystemTiming();
  private final CatchUp catchUp;
  private final SqliteSubscriptionStore store;
  private final Dispatchers dispatchers;
  private final SubscriptionStarts starts;
  private final RetryNow retryNow;

  /**
   * @param data the directory for the marks of large deliveries
   * @param starting held while a subscription begins
   */
  SubscriptionControl(
      OpenLogFile file,
      Path data,
      LogOptions options,
      EventTypes kinds,
      RunningSubscriptions running,
      LogCounters counters,
      Lock starting) {
    this.running = running;
    ReadFailures readFailures = new FileReadFailures(file.path());
    this.catchUp = new CatchUp(file.readers(), kinds, file.head(), readFailures::met, timing);
    this.store =
        new SqliteSubscriptionStore(
            file.readers(), file.recent(), readFailures, catchUp, file.committer(), file::trouble);
    this.dispatchers =
        new Dispatchers(
            store, new AttemptMarkFiles(data), options.routeMemory(), options.routeShare(), timing);
    this.starts =
        new SubscriptionStarts(
            file.committer(),
            file.readers(),
            kinds,
            file.head(),
            running,
            dispatchers,
            counters,
            starting);
    this.retryNow = new RetryNow(file.committer());
  }

  /** See {@link dev.caravan.log.DeliveryLog#subscribe}. */
  Subscription begin(SubscriptionSettings settings, DeliveryHandler handler) {
    return starts.start(settings, handler);
  }

  /** Pauses a subscription, even one whose route does not run now. */
  void pause(String name) {
    RunningSubscription found = running.find(name);
    if (found == null) {
      store.setPaused(name, true);
    } else {
      found.pause();
    }
  }

  void resume(String name) {
    RunningSubscription found = running.find(name);
    if (found == null) {
      store.setPaused(name, false);
    } else {
      found.resume();
    }
  }

  /** Makes all its waiting retries run now; returns how many there were. */
  long retryNow(String name) {
    return retryNow.of(name);
  }

  /** Many senders are waiting for their answers: for a while, they go first. */
  void sendersWait() {
    dispatchers.sendersWait();
  }

  /** Begins nothing more; what runs continues until {@link #close}. */
  void stop() {
    running.forEach(RunningSubscription::close);
    timing.close();
    catchUp.close();
  }

  /** The program ends, even if attempts still run. */
  void close() {
    dispatchers.close();
  }
}
