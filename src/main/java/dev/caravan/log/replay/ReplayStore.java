package dev.caravan.log.replay;

import dev.caravan.log.ReplayProgress;
import dev.caravan.log.reading.DeliveryReader;
import dev.caravan.log.state.Subscriptions.Standing;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a replay writes down what must run again. */
public interface ReplayStore {
  /** Tells whether deliveries may be made due. */
  @FunctionalInterface
  interface Standings {
    /** Where a delivery stands with a subscription, running or idle. */
    Standing of(ReplayTarget target, long position) throws SQLException;
  }

  /** What a replay does with a transaction. */
  interface ReplayTransaction extends Standings {
    /** Milliseconds since 1970, by the clock that deliveries become due by. */
    long now() throws SQLException;

    /** Whether the replay should still continue, and here. */
    boolean mayGoOn() throws SQLException;

    /** Lets a subscription run a delivery from its first attempt on, at that time. */
    MadeDue makeDue(ReplayTarget target, long position, long dueAt) throws SQLException;

    /** Takes a row back that nobody has changed or begun to run; false when there is none. */
    boolean takeBack(ScheduledRow row) throws SQLException;

    /**
     * What the replay has come to.
     *
     * @param position it has dealt with everything up to that position
     */
    void reached(long position, ReplayProgress progress) throws SQLException;
  }

  /**
   * How a delivery was made due.
   *
   * @param waits whether it was to run from its first attempt on anyway
   * @param row what can be taken back; null when it was due before
   */
  record MadeDue(boolean waits, @Nullable ScheduledRow row) {}

  /** Something to be written; may be called again when the transaction was rolled back. */
  @FunctionalInterface
  interface Body<T> {
    T write(ReplayTransaction transaction) throws SQLException;
  }

  /** All subscriptions there are, by name. */
  List<ReplayTarget> subscriptions();

  /**
   * How deliveries stand while a reader is lent, without writing anything. What is to run from its
   * first attempt on anyway, waits.
   *
   * @param positions the deliveries it is about, in order, at least one
   */
  Standings standings(List<ReplayTarget> targets, List<Long> positions, DeliveryReader reader)
      throws SQLException;

  /**
   * Writes, and returns when that is on disk.
   *
   * @param targets the subscriptions it is about
   * @param positions the deliveries it is about, in order
   * @throws dev.caravan.log.LogUnavailableException when it cannot be written
   */
  <T> T write(List<ReplayTarget> targets, List<Long> positions, Body<T> body);

  /** Lets outcomes that wait be written without waiting for anything else. */
  void writeOutcomes();
}
