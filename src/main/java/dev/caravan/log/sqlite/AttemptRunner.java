package dev.caravan.log.sqlite;

import dev.caravan.log.DeliveryHandler;
import java.sql.SQLException;

/**
 * Runs one attempt of a subscription: memory, delivery, handler; on the subscription's executor.
 */
final class AttemptRunner {
  private final Dispatcher dispatcher;
  private final DeliveryHandler handler;
  private final SqliteDeliveryLog log;

  AttemptRunner(Dispatcher dispatcher, DeliveryHandler handler, SqliteDeliveryLog log) {
    this.dispatcher = dispatcher;
    this.handler = handler;
    this.log = log;
  }

  void run(Pending pending) {
    RunningAttempt attempt = new RunningAttempt(dispatcher, pending, log.bodyMemory());
    try {
      attempt.takeMemory();
      attempt.delivery(log.load(pending.position()));
      handler.handle(attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the executor is shut down: it runs at the next start
      dispatcher.untried(pending);
      dispatcher.close();
    } catch (SQLException e) {
      log.cannotRead(e);
      if (Damage.is(e)) {
        attempt.failed(e); // it will not get better by itself, and others are waiting behind it
      } else {
        attempt.giveMemoryBack();
        dispatcher.untried(pending);
        dispatcher.stall(); // worth another look in a while
      }
    } catch (RuntimeException | Error e) { // an OutOfMemoryError too must not end the worker
      attempt.failed(e);
    }
  }
}
