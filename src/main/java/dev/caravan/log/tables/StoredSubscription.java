package dev.caravan.log.tables;

import dev.caravan.log.dispatch.StoredCursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * A row of the {@code subscription} table.
 *
 * @param next everything before it is finished, except for {@code unfinished}
 */
public record StoredSubscription(
    long id, String name, long next, List<Long> unfinished, boolean paused) {

  public StoredCursor cursor() {
    return new StoredCursor(next, unfinished);
  }

  /** Whether the cursor has yet to run this delivery, if it is wanted. */
  public boolean isAhead(long position) {
    return position >= next || unfinished.contains(position);
  }

  /** The subscription of the current row. */
  public static StoredSubscription of(ResultSet row) throws SQLException {
    return new StoredSubscription(
        row.getLong("id"),
        row.getString("name"),
        row.getLong("next"),
        PositionList.decode(row.getBytes("unfinished")),
        row.getBoolean("paused"));
  }
}
