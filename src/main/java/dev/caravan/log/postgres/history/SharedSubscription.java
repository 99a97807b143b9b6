package dev.caravan.log.postgres.history;

import dev.caravan.log.postgres.shards.ShardCursor;
import dev.caravan.log.postgres.shards.ShardCursors;
import dev.caravan.log.postgres.shards.Shards;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.Backlog;
import dev.caravan.log.state.Subscriptions;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.SubscriptionStatus;
import dev.caravan.log.tables.EventTypes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A subscription that runs on a node, as it was in the tables when they were read. */
final class SharedSubscription implements Subscriptions.Running {
  private final ShardCursors cursors;
  private final LiveRun run;
  private final EventTypes kinds;
  private final DeliveryReader reader;

  SharedSubscription(ShardCursors cursors, LiveRun run, EventTypes kinds, DeliveryReader reader) {
    this.cursors = cursors;
    this.run = run;
    this.kinds = kinds;
    this.reader = reader;
  }

  @Override
  public String name() {
    return cursors.name();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public EventFilter filter() {
    return run.filter();
  }

  @Override
  public boolean isStrict() {
    return run.strict();
  }

  @Override
  public SubscriptionStatus status() {
    int unfinished = progress().unfinished();
    return new SubscriptionStatus(
        cursors.name(), run.inWork(), unfinished, false, cursors.paused());
  }

  @Override
  public Subscriptions.Progress progress() {
    long readTo = 0;
    int unfinished = 0;
    long firstAhead = Long.MAX_VALUE;
    for (ShardCursor cursor : cursors.of().values()) {
      readTo = Math.max(readTo, cursor.next());
      unfinished += cursor.unfinished().size();
      firstAhead = Math.min(firstAhead, cursor.firstAhead());
    }
    return new Subscriptions.Progress(readTo, unfinished, firstAhead);
  }

  @Override
  public boolean isAhead(long position, @Nullable String repository) throws SQLException {
    int shard = repository == null ? shardOf(position) : Shards.ofRepository(repository);
    return cursors.isAhead(position, shard);
  }

  private int shardOf(long position) throws SQLException {
    try (PreparedStatement statement =
        reader.prepare("SELECT shard FROM delivery WHERE position = ?")) {
      statement.setLong(1, position);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getInt(1) : -1;
      }
    }
  }

  @Override
  public Backlog backlog(DeliveryReader lent, long most) throws SQLException {
    return new SharedBacklog(cursors.of(), run.filter(), kinds).read(lent, most);
  }

  @Override
  public Subscriptions.Standing standing(long position) throws SQLException {
    return cursors.isAhead(position, shardOf(position))
        ? Subscriptions.Standing.WAITING
        : Subscriptions.Standing.FREE;
  }

  @Override
  public Subscriptions.@Nullable Failure lastFailure() {
    return run.last();
  }
}
