package dev.caravan.log.sqlite;

import dev.caravan.log.DeliveryHandler;
import java.sql.SQLException;

/** Runs one attempt: reads its delivery, and hands it to the handler. */
final class AttemptRunner {
  private final Dispatcher dispatcher;
  private final DeliveryHandler handler;
  private final SubscriptionStore store;

  AttemptRunner(Dispatcher dispatcher, DeliveryHandler handler, SubscriptionStore store) {
    this.dispatcher = dispatcher;
    this.handler = handler;
    this.store = store;
  }

  void run(RunningAttempt attempt) {
    long position = attempt.pending().position();
    try {
      attempt.delivery(store.load(position));
      store.largeAttempts().begin(dispatcher.id(), attempt.pending());
      handler.handle(attempt);
    } catch (SQLException e) {
      store.cannotRead(e);
      if (Damage.is(e)) {
        // It will not get better by itself, and others are waiting behind it.
        attempt.guid(store.guidAt(position));
        attempt.failed(e);
      } else {
        dispatcher.untried(attempt); // worth another look in a while
      }
    } catch (EndsTheProgramException e) {
      attempt.failedForGood(e);
    } catch (RuntimeException | Error e) { // an OutOfMemoryError too must not end the worker
      if (attempt.guid() == null) {
        attempt.guid(store.guidAt(position));
      }
      attempt.failed(e);
    }
  }
}
