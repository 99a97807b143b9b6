package dev.caravan.log.tables;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The tables that engines have in common, ordered so that tables others refer to come first. */
public enum CopiedTable {
  KIND("id", "id:int event:text action:text"),
  DICTIONARY("id", "id:int created_at:long bytes:bytes trained_to:long"),
  DELIVERY(
      "position",
      "position:long guid:bytes hook:long kind:int received_at:long repository:text"
          + " organization:text installation:text sender:text thread:text length:int checksum:int"
          + " repeats:int differs_from:long sent_by:long digest:bytes"),
  CONTENT("position", "position:long form:flag length:int dictionary:int bytes:bytes"),
  RESTORED("position", "position:long received_at:long"),
  SUBSCRIPTION("id", "id:long name:text created_at:long paused:flag"),
  DUE("position", "subscription:long position:long attempts:int due_at:long"),
  DEAD_LETTER("position", "subscription:long position:long attempts:int since:long error:text"),
  ATTEMPT(
      "position",
      "position:long subscription:long started_at:long number:int took:long error:text"),
  COMPLETED("position", "position:long subscription:long at:long");

  private final String key;

  @SuppressWarnings("ImmutableEnumChecker") // a list of records that never changes
  private final List<Column> columns;

  CopiedTable(String key, String columns) {
    this.key = key;
    this.columns = Arrays.stream(columns.split(" ")).map(Column::of).toList();
  }

  /** The type of a column's values. */
  public enum Kind {
    INT(Types.INTEGER),
    LONG(Types.BIGINT),
    TEXT(Types.VARCHAR),
    BYTES(Types.BINARY),
    FLAG(Types.BOOLEAN);

    private final int type;

    Kind(int type) {
      this.type = type;
    }

    /** As {@link Types} names it. */
    public int type() {
      return type;
    }

    /** The value in a column of a row, counted from 1; or null. */
    public @Nullable Object read(ResultSet row, int column) throws SQLException {
      Object value =
          switch (this) {
            case INT -> row.getInt(column);
            case LONG -> row.getLong(column);
            case TEXT -> storable(row.getString(column));
            case BYTES -> row.getBytes(column);
            case FLAG -> row.getBoolean(column);
          };
      return row.wasNull() ? null : value;
    }

    /** A file holds a NUL, which an old version took from a payload; no text in PostgreSQL can. */
    private static @Nullable String storable(@Nullable String text) {
      return text == null ? null : text.replace('\0', '\ufffd');
    }
  }

  /** One column. */
  public record Column(String name, Kind kind) {
    private static Column of(String text) {
      int colon = text.indexOf(':');
      return new Column(
          text.substring(0, colon),
          Kind.valueOf(text.substring(colon + 1).toUpperCase(Locale.ROOT)));
    }
  }

  /** Its name in SQL. */
  public String sql() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The column by which rows are copied in order. */
  public String key() {
    return key;
  }

  /**
   * Whether its rows stay what they are: an interrupted copy continues behind the last. Those of
   * other tables may be others by then, where the log was used meanwhile.
   */
  public boolean isOnlyAddedTo() {
    return switch (this) {
      case KIND, DICTIONARY, DELIVERY, CONTENT -> true;
      case RESTORED, SUBSCRIPTION, DUE, DEAD_LETTER, ATTEMPT, COMPLETED -> false;
    };
  }

  /** Its columns. */
  public List<Column> columns() {
    return columns;
  }

  /** The names of its columns. */
  public String names() {
    return String.join(", ", columns.stream().map(Column::name).toList());
  }

  /** The index of a column in a row, from 0. */
  public int index(String column) {
    for (int index = 0; index < columns.size(); index++) {
      if (columns.get(index).name().equals(column)) {
        return index;
      }
    }
    throw new IllegalArgumentException(column);
  }
}
