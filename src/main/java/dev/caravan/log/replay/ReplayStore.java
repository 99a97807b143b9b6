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
    /** The state of a delivery in a subscription, running or idle. */
    Standing of(ReplayTarget target, long position) throws SQLException;
  }

  /** What a replay does with a transaction. */
  interface ReplayTransaction extends Standings {
    /** Milliseconds since 1970, by the clock that deliveries become due by. */
    long now() throws SQLException;

    /** Whether the replay should continue, and in this process. */
    boolean mayGoOn() throws SQLException;

    /** Makes a delivery due in a subscription at that time, as a first attempt. */
    MadeDue makeDue(ReplayTarget target, long position, long dueAt) throws SQLException;

    /** Takes a row back unless somebody has changed it or begun to run it; false then. */
    boolean takeBack(ScheduledRow row) throws SQLException;

    /**
     * Records the progress of the replay.
     *
     * @param position the last one it has dealt with
     */
    void reached(long position, ReplayProgress progress) throws SQLException;
  }

  /**
   * How a delivery was made due.
   *
   * @param waits whether it had yet to run as a first attempt anyway
   * @param row what can be taken back; null when it was due before
   */
  record MadeDue(boolean waits, @Nullable ScheduledRow row) {}

  /** What to write; called again if the transaction was rolled back. */
  @FunctionalInterface
  interface Body<T> {
    T write(ReplayTransaction transaction) throws SQLException;
  }

  /** All subscriptions there are, by name. */
  List<ReplayTarget> subscriptions();

  /**
   * The state of deliveries while the reader is lent, without writing anything. One that has yet to
   * run as a first attempt counts as waiting.
   *
   * @param positions the deliveries it is about, in order, at least one
   */
  Standings standings(List<ReplayTarget> targets, List<Long> positions, DeliveryReader reader)
      throws SQLException;

  /**
   * Writes, and returns when it is on disk.
   *
   * @param targets the subscriptions it is about
   * @param positions the deliveries it is about, in order
   * @throws dev.caravan.log.LogUnavailableException when it cannot be written
   */
  <T> T write(List<ReplayTarget> targets, List<Long> positions, Body<T> body);

  /** Has waiting outcomes written at once. */
  void writeOutcomes();
}
