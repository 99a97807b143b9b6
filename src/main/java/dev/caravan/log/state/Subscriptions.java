package dev.caravan.log.state;

import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.log.subscription.SubscriptionStatus;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the running subscriptions, in this process or another: what they know about
 * deliveries that is in no table yet. Safe for use by many threads.
 */
public interface Subscriptions {
  /** The one of that name that runs or is still ending; or null. */
  @Nullable Running find(String name);

  /** The one of that name that takes deliveries at this moment; or null. */
  default @Nullable Running open(String name) {
    Running found = find(name);
    return found == null || !found.isOpen() ? null : found;
  }

  /** Those that take deliveries at this moment. */
  List<Running> open();

  /** A running subscription. */
  interface Running {
    /** Its name. */
    String name();

    /** Whether it takes deliveries; otherwise it is ending. */
    boolean isOpen();

    /** Which deliveries it wants. */
    EventFilter filter();

    /** Whether a failing delivery holds up its lane. */
    boolean isStrict();

    /** How it is doing. */
    SubscriptionStatus status();

    /** How far it is. */
    Progress progress();

    /**
     * Whether the cursor has yet to run this delivery.
     *
     * @param repository the delivery's, if known: it may make the answer quicker
     */
    boolean isAhead(long position, @Nullable String repository) throws SQLException;

    /**
     * What it has yet to run for the first time.
     *
     * @param most how many deliveries to look at; if there are more, all the rest count, wanted or
     *     not
     */
    Backlog backlog(DeliveryReader reader, long most) throws SQLException;

    /** Whether a delivery may be made due for it. */
    Standing standing(long position) throws SQLException;

    /** The last attempt that failed since it began, or null. */
    @Nullable Failure lastFailure();
  }

  /**
   * How far a subscription is.
   *
   * @param readTo the first position it has not read
   * @param unfinished how many it has read but not finished
   * @param firstAhead before this position nothing is left to run
   */
  record Progress(long readTo, int unfinished, long firstAhead) {}

  /** The state of a delivery in a subscription, for a caller that wants it to run again. */
  enum Standing {
    /** It may be made due. */
    FREE,
    /** It has yet to run, or runs now. */
    WAITING,
    /** It has run, but its outcome is not on disk, and would overwrite that it was made due. */
    BEING_WRITTEN
  }

  /** Why and when an attempt failed. */
  record Failure(@Nullable String error, Instant at) {}
}
