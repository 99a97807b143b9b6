package dev.caravan.log.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The searchable fields of neighbouring deliveries, field by field instead of row by row: searching
 * a million of them takes less time than reading a thousand rows of a table one by one. Each text
 * is kept once, and deliveries have its number.
 *
 * <p>None of these fields ever changes once a delivery is in the log.
 */
public final class Stretch {
  /** How many positions a stretch spans, and so the most deliveries it holds. */
  public static final int POSITIONS = 1024;

  /** A stretch without deliveries. */
  static final Stretch EMPTY = new Stretch(0, List.of(), List.of(), List.of(), List.of());

  /** The columns that {@link StretchRows} reads. */
  static final String COLUMNS =
      "d.position, d.received_at, d.kind, d.repository, d.sender, d.thread, d.differs_from IS NOT NULL";

  private static final byte FORMAT = 1;
  private static final int BYTES_OF_A_ROW = 19;

  private final List<Integer> kinds;
  private final List<@Nullable String> repositories;
  private final List<@Nullable String> senders;
  private final List<@Nullable String> threads;
  private final long[] position;
  private final long[] receivedAt;
  private final int[] kind;
  private final int[] repository;
  private final int[] sender;
  private final int[] thread;
  private final boolean[] differs;

  /** A stretch of that many rows, to be {@linkplain #fill filled} before others see it. */
  Stretch(
      int size,
      List<Integer> kinds,
      List<@Nullable String> repositories,
      List<@Nullable String> senders,
      List<@Nullable String> threads) {
    this.kinds = kinds;
    this.repositories = repositories;
    this.senders = senders;
    this.threads = threads;
    position = new long[size];
    receivedAt = new long[size];
    kind = new int[size];
    repository = new int[size];
    sender = new int[size];
    thread = new int[size];
    differs = new boolean[size];
  }

  /** Fills a row; kind, repository, sender and thread are numbers in their lists. */
  void fill(
      int row,
      long at,
      long received,
      int kindOf,
      int repositoryOf,
      int senderOf,
      int threadOf,
      boolean isDiffering) {
    position[row] = at;
    receivedAt[row] = received;
    kind[row] = kindOf;
    repository[row] = repositoryOf;
    sender[row] = senderOf;
    thread[row] = threadOf;
    differs[row] = isDiffering;
  }

  /** The first position of the stretch that contains a position. */
  static long first(long position) {
    return Math.floorDiv(position, POSITIONS) * POSITIONS;
  }

  int size() {
    return position.length;
  }

  public long position(int row) {
    return position[row];
  }

  /** Milliseconds since 1970. */
  long receivedAt(int row) {
    return receivedAt[row];
  }

  /** Whether it is a repeat whose payload is not that of the first. */
  boolean differs(int row) {
    return differs[row];
  }

  // For each field: the number of a row's value, and the values by number.

  int kind(int row) {
    return kind[row];
  }

  List<Integer> kinds() {
    return kinds;
  }

  int repository(int row) {
    return repository[row];
  }

  List<@Nullable String> repositories() {
    return repositories;
  }

  int sender(int row) {
    return sender[row];
  }

  List<@Nullable String> senders() {
    return senders;
  }

  int thread(int row) {
    return thread[row];
  }

  List<@Nullable String> threads() {
    return threads;
  }

  byte[] encode(long first) {
    int texts = 0;
    List<List<byte[]>> encoded = new ArrayList<>();
    for (List<@Nullable String> column : List.of(repositories, senders, threads)) {
      List<byte[]> values = new ArrayList<>();
      for (String value : column) {
        byte[] bytes = value == null ? new byte[0] : value.getBytes(UTF_8); // none is ever empty
        texts += Integer.BYTES + bytes.length;
        values.add(bytes);
      }
      encoded.add(values);
    }
    ByteBuffer to =
        ByteBuffer.allocate(
            1 + 5 * Short.BYTES + kinds.size() * Integer.BYTES + texts + size() * BYTES_OF_A_ROW);
    to.put(FORMAT).putShort((short) size()).putShort((short) kinds.size());
    kinds.forEach(to::putInt);
    for (List<byte[]> column : encoded) {
      to.putShort((short) column.size());
      column.forEach(value -> to.putInt(value.length).put(value));
    }
    for (long each : position) {
      to.putShort((short) (each - first));
    }
    for (long each : receivedAt) {
      to.putLong(each);
    }
    for (int[] column : List.of(kind, repository, sender, thread)) {
      for (int each : column) {
        to.putShort((short) each);
      }
    }
    for (boolean each : differs) {
      to.put((byte) (each ? 1 : 0));
    }
    return to.array();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws RuntimeException when it is not that
   */
  static Stretch decode(long first, byte[] bytes) {
    ByteBuffer from = afterFormat(bytes);
    int size = from.getShort();
    List<Integer> kinds = new ArrayList<>();
    for (int left = from.getShort(); left > 0; left--) {
      kinds.add(from.getInt());
    }
    Stretch stretch = new Stretch(size, kinds, texts(from), texts(from), texts(from));
    for (int row = 0; row < size; row++) {
      stretch.position[row] = first + from.getShort();
    }
    for (int row = 0; row < size; row++) {
      stretch.receivedAt[row] = from.getLong();
    }
    for (int[] column : List.of(stretch.kind, stretch.repository, stretch.sender, stretch.thread)) {
      for (int row = 0; row < size; row++) {
        column[row] = from.getShort();
      }
    }
    for (int row = 0; row < size; row++) {
      stretch.differs[row] = from.get() != 0;
    }
    return stretch;
  }

  /** The bytes after the number of the format. */
  static ByteBuffer afterFormat(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    if (from.get() != FORMAT) {
      throw new IllegalArgumentException("a stretch of another format");
    }
    return from;
  }

  private static List<@Nullable String> texts(ByteBuffer from) {
    int count = from.getShort();
    List<@Nullable String> texts = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      int length = from.getInt();
      byte[] text = new byte[length];
      from.get(text);
      texts.add(length == 0 ? null : new String(text, UTF_8));
    }
    return texts;
  }
}
