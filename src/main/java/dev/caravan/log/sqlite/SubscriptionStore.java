package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a running subscription needs of the engine that keeps its log. */
interface SubscriptionStore {
  /** The delivery at a position, or null when it is no longer kept. */
  @Nullable Delivery load(long position) throws SQLException;

  /** The GUID of what is there, or null when that cannot be told. */
  @Nullable String guidAt(long position);

  /** What keeps large bodies from ending the program again and again. */
  LargeAttempts largeAttempts();

  /** A delivery could not be read. */
  void cannotRead(Throwable cause);

  /** Reads soon what the dispatcher wishes for. Does not block. */
  void requestReading(Dispatcher dispatcher);

  /**
   * Some outcome is to be written.
   *
   * @param urgent whether the dispatcher cannot go on before that is done
   */
  void outcomeWaiting(boolean urgent);

  /** Keeps whether a subscription is paused; returns when that is on disk. */
  void setPaused(String subscription, boolean paused);

  /** Why the log cannot be written at this moment, or an empty text when it can. */
  String trouble();
}
