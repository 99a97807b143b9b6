package dev.caravan.log.postgres;

import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHandler;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogEngine;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogOptions;
import dev.caravan.log.Receipt;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Subscription;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.content.Dictionaries;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The delivery log in a PostgreSQL database that several nodes share: puts the parts of the engine
 * together, starts and stops them, and hands each question to the part that answers it.
 */
public final class PostgresDeliveryLog implements LogEngine {
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(20);
  private static final int READERS = 4;

  private final Dictionaries dictionaries = new Dictionaries();
  private final Sessions sessions;
  private final Kinds kinds;
  private final SharedReaders readers;

  private PostgresDeliveryLog(Database database) throws SQLException {
    this.sessions = new Sessions(database);
    this.kinds = new Kinds(sessions);
    this.readers =
        new SharedReaders(database, kinds.types(), dictionaries, READERS, LONGEST_STATEMENT);
    kinds.refresh();
  }

  /**
   * Opens the log, whose tables are made when they are missing, and takes part in it as a node.
   *
   * @throws IllegalStateException with a sentence for the user when that cannot be done
   */
  public static PostgresDeliveryLog open(PostgresPlace place, LogOptions options) {
    Database database = new Database(place);
    try {
      try (Connection connection = database.open(LONGEST_STATEMENT)) {
        Schema.prepare(connection, place);
      }
      return new PostgresDeliveryLog(database);
    } catch (SQLException e) {
      throw new IllegalStateException(Refusal.sentence(e, place), e);
    }
  }

  /** Opens it for a command that is done in a moment, and runs nothing. */
  public static PostgresDeliveryLog openBriefly(PostgresPlace place, LogOptions options) {
    return open(place, options);
  }

  @Override
  public CompletableFuture<Receipt> append(Delivery delivery) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendersWait() {
    // the attempts are not begun here yet
  }

  @Override
  public Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public KnownReplay replay(ReplayRequest request, String what) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<KnownReplay> replays() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void pause(String subscription) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resume(String subscription) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long retryNow(String subscription) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DeliveryHistory history() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LogFigures figures() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String trouble() {
    return "";
  }

  @Override
  public CompletableFuture<Void> heartbeat() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    readers.close();
    sessions.close();
  }
}
