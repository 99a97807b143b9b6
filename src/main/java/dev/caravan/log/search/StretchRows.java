package dev.caravan.log.search;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects rows of {@link Stretch#COLUMNS} into a stretch. */
final class StretchRows {
  private final List<Row> rows = new ArrayList<>();
  private final Numbers<Integer> kinds = new Numbers<>();
  private final Numbers<@Nullable String> repositories = new Numbers<>();
  private final Numbers<@Nullable String> senders = new Numbers<>();
  private final Numbers<@Nullable String> threads = new Numbers<>();

  private StretchRows() {}

  private record Row(
      long position,
      long receivedAt,
      int kind,
      int repository,
      int sender,
      int thread,
      boolean differs) {}

  /** Makes a stretch of all remaining rows. */
  static Stretch read(ResultSet rows) throws SQLException {
    StretchRows read = new StretchRows();
    while (rows.next()) {
      read.add(rows);
    }
    return read.stretch();
  }

  private void add(ResultSet row) throws SQLException {
    rows.add(
        new Row(
            row.getLong(1),
            row.getLong(2),
            kinds.of(row.getInt(3)),
            repositories.of(row.getString(4)),
            senders.of(row.getString(5)),
            threads.of(row.getString(6)),
            row.getBoolean(7)));
  }

  private Stretch stretch() {
    Stretch stretch =
        new Stretch(rows.size(), kinds.values, repositories.values, senders.values, threads.values);
    for (int index = 0; index < rows.size(); index++) {
      Row row = rows.get(index);
      stretch.fill(
          index,
          row.position(),
          row.receivedAt(),
          row.kind(),
          row.repository(),
          row.sender(),
          row.thread(),
          row.differs());
    }
    return stretch;
  }

  /** Gives each value a number, from 0. */
  private static final class Numbers<T extends @Nullable Object> {
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    int of(T value) {
      Integer known = numbers.get(value);
      if (known != null) {
        return known;
      }
      numbers.put(value, values.size());
      values.add(value);
      return values.size() - 1;
    }
  }
}
