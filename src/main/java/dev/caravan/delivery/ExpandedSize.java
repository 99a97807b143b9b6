package dev.caravan.delivery;

import java.util.Arrays;

/**
 * How much memory a payload takes once it is read into maps and lists: more than its bytes, and
 * with empty lists and short names many times more.
 *
 * <p>An estimate on the high side, from one look at every byte. The payload must be valid JSON.
 */
public final class ExpandedSize {
  /**
   * How many times its length a payload may take; GitHub's take four to seven times. Used to make
   * room for a payload of which only the length is known.
   */
  private static final int MOST_TIMES = 8;

  /** Up to this much it does not matter. */
  private static final int SMALL = 2 << 20;

  private static final int OBJECT = 64;

  /** What a map takes for its first entry: sixteen places. */
  private static final int TABLE = 80;

  private static final int LIST = 24;

  /** What a list takes for its first value: ten places. */
  private static final int PLACES = 56;

  /** An entry of a map, with its share of a table that has grown. */
  private static final int ENTRY = 52;

  /** A place in a list, while it grows. */
  private static final int PLACE = 12;

  private static final int STRING = 48;

  /** A new name: the parser keeps it too. */
  private static final int NAME = 88;

  private static final int SHORT_NUMBER = 48;
  private static final int LONG_NUMBER = 112;
  private static final int LONGEST_SHORT = 18;
  private static final int NAMES = 1 << 12;

  private static final int INDENT = 2;

  /** For an indented text: while it grows, while it is written. */
  private static final int COPIES = 4;

  private final byte[] json;

  /** Where the last name of each hash begins, and where it ends. */
  private final int[] starts = new int[NAMES];

  private final int[] ends = new int[NAMES];
  private long size;
  private int depth;
  private long indentation;
  private int at;

  private ExpandedSize(byte[] json) {
    this.json = json;
  }

  /** The most that an accepted payload of this length takes. */
  public static long atMost(int length) {
    return Math.max(SMALL, (long) length * MOST_TIMES);
  }

  /**
   * The bytes of heap that a payload takes beside its own. For one that is nested so deep that it
   * would be mostly spaces when indented, what the spaces take: a text of them, and its copies.
   */
  public static long of(byte[] json) {
    return new ExpandedSize(json).count();
  }

  private long count() {
    while (at < json.length) {
      switch (json[at]) {
        case '{' -> begin(nextIs('}') ? OBJECT : OBJECT + TABLE);
        case '[' -> begin(nextIs(']') ? LIST : LIST + PLACES);
        case '}', ']' -> depth--;
        case ':' -> size += ENTRY;
        case ',' -> {
          size += PLACE;
          indentation += (long) INDENT * depth;
        }
        case '"' -> string();
        case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
        default -> {} // blanks, ends, and the letters of true, false and null
      }
      at++;
    }
    return Math.max(size, indentation * COPIES);
  }

  private void begin(int cost) {
    size += cost;
    depth++;
    indentation += (long) INDENT * depth;
  }

  /** Leaves the place at the closing quote. */
  private void string() {
    int start = ++at;
    boolean isWide = false;
    for (; json[at] != '"'; at++) {
      if (json[at] == '\\') {
        at++;
        isWide |= json[at] == 'u';
      }
      isWide |= json[at] < 0;
    }
    int length = at - start;
    if (!nextIs(':')) {
      size += STRING + (isWide ? 2L : 1L) * length;
    } else if (isNew(start, at)) {
      size += NAME + (isWide ? 2L : 1L) * length;
    }
  }

  /** Whether that comes next, after blanks. */
  private boolean nextIs(char sign) {
    int next = at + 1;
    while (next < json.length && json[next] <= ' ') {
      next++;
    }
    return next < json.length && json[next] == sign;
  }

  /**
   * Whether a name has not been seen recently: the parser gives the same text for the same name.
   */
  private boolean isNew(int start, int end) {
    int hash = 1;
    for (int index = start; index < end; index++) {
      hash = 31 * hash + json[index];
    }
    int slot = (hash ^ hash >>> 12) & NAMES - 1;
    boolean isKnown =
        ends[slot] > 0 && Arrays.equals(json, starts[slot], ends[slot], json, start, end);
    starts[slot] = start;
    ends[slot] = end;
    return !isKnown;
  }

  /** Leaves the place at the last letter. */
  private void number() {
    int start = at;
    while (at + 1 < json.length && "+-.eE0123456789".indexOf(json[at + 1]) >= 0) {
      at++;
    }
    int length = at + 1 - start;
    size += length <= LONGEST_SHORT ? SHORT_NUMBER : LONG_NUMBER + (long) length;
  }
}
