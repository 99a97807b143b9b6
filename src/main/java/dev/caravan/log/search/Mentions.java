package dev.caravan.log.search;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.caravan.log.history.Topic;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The commits and pull requests that a payload mentions, each as one number: the first fifteen
 * digits of a sha, which is enough to distinguish the commits of a log.
 *
 * <p>The payload is not parsed: a sha is any string of 40 or 64 hex digits, and pull requests are
 * recognised by the field that lists them. Trees, and the commit a branch pointed to before, are
 * left out.
 */
final class Mentions {
  /** Bytes; larger payloads are not looked into: reading one would take too much memory. */
  static final int LARGEST = 4 << 20;

  private static final int SHA1 = 40;
  private static final int SHA256 = 64;
  private static final int DIGITS = 15;
  private static final int TAG_BITS = 4;
  private static final long COMMIT = 1;
  private static final long NUMBER = 2;
  private static final long LARGEST_NUMBER = Long.MAX_VALUE >>> TAG_BITS;

  private static final byte[] PULL_REQUESTS = "pull_requests\"".getBytes(US_ASCII);
  private static final byte[] IN_NUMBER = "number\"".getBytes(US_ASCII);
  private static final byte[] TREE = "\"tree_id".getBytes(US_ASCII);
  private static final byte[] BEFORE = "\"before".getBytes(US_ASCII);

  private final byte[] payload;
  private final LongStream.Builder found = LongStream.builder();

  private Mentions(byte[] payload) {
    this.payload = payload;
  }

  /** The mentions of a payload, each once. */
  static long[] of(byte[] payload) {
    return payload.length > LARGEST ? new long[0] : new Mentions(payload).read();
  }

  /** Whether the topic is mentioned. */
  static boolean contain(long[] mentions, Topic topic) {
    return contain(mentions, 0, mentions.length, topic);
  }

  /** The same for a part of an array. */
  static boolean contain(long[] mentions, int from, int to, Topic topic) {
    long number =
        topic.number() == null || topic.number() > LARGEST_NUMBER
            ? 0
            : topic.number() << TAG_BITS | NUMBER;
    String commit = topic.commit();
    int digits = commit == null ? 0 : Math.min(commit.length(), DIGITS);
    long prefix = commit == null ? 0 : Long.parseUnsignedLong(commit.substring(0, digits), 16);
    int shift = TAG_BITS + 4 * (DIGITS - digits);
    for (int index = from; index < to; index++) {
      long mention = mentions[index];
      if (mention == number
          || (digits > 0 && (mention & 0xF) == COMMIT && mention >>> shift == prefix)) {
        return true;
      }
    }
    return false;
  }

  private long[] read() {
    int index = 0;
    while (index < payload.length) {
      if (payload[index] == '"') {
        int end = endOfDigits(index + 1);
        if (isSha(end - index - 1) && end < payload.length && payload[end] == '"') {
          addCommit(index);
          index = end;
        } else if (isAt(index + 1, PULL_REQUESTS)) {
          index = readPullRequests(index + 1 + PULL_REQUESTS.length);
          continue;
        }
      }
      index++;
    }
    return Arrays.stream(found.build().toArray()).distinct().toArray();
  }

  private static boolean isSha(int length) {
    return length == SHA1 || length == SHA256;
  }

  private int endOfDigits(int start) {
    int end = start;
    while (end < payload.length && isHexDigit(payload[end])) {
      end++;
    }
    return end;
  }

  private static boolean isHexDigit(byte letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
  }

  /**
   * @param quote where the string's opening quote is
   */
  private void addCommit(int quote) {
    int name = quote - 1;
    while (name > 0 && (payload[name] == ' ' || payload[name] == ':')) {
      name--;
    }
    if (endsAt(name, TREE) || endsAt(name, BEFORE)) {
      return;
    }
    long digits = Long.parseLong(new String(payload, quote + 1, DIGITS, US_ASCII), 16);
    if (digits != 0) { // zeros stand for a branch that does not exist
      found.add(digits << TAG_BITS | COMMIT);
    }
  }

  /** Whether that quoted name ends at this closing quote. */
  private boolean endsAt(int quote, byte[] name) {
    return quote >= 0 && payload[quote] == '"' && isAt(quote - name.length, name);
  }

  private boolean isAt(int start, byte[] text) {
    return start >= 0
        && start + text.length <= payload.length
        && Arrays.equals(payload, start, start + text.length, text, 0, text.length);
  }

  /** Reads the list of pull requests after its name; returns its end, or where it is no list. */
  private int readPullRequests(int start) {
    int depth = 0;
    for (int index = start; index < payload.length; index++) {
      byte letter = payload[index];
      if (letter == '[' || letter == '{') {
        depth++;
      } else if (letter == ']' || letter == '}') {
        depth--;
        if (depth <= 0) {
          return index;
        }
      } else if (letter == '"') {
        int end = endOfString(index + 1);
        int digits = endOfDigits(index + 1);
        if (digits == end && isSha(end - index - 1)) {
          addCommit(index);
        } else if (depth == 2 && isAt(index + 1, IN_NUMBER)) {
          addNumber(end + 1);
        }
        index = end;
      } else if (depth == 0 && letter != ':' && letter > ' ') {
        return index; // no list
      }
    }
    return payload.length;
  }

  private int endOfString(int start) {
    int end = start;
    while (end < payload.length && payload[end] != '"') {
      end += payload[end] == '\\' ? 2 : 1;
    }
    return Math.min(end, payload.length);
  }

  private void addNumber(int start) {
    int index = start;
    while (index < payload.length && (payload[index] == ':' || payload[index] <= ' ')) {
      index++;
    }
    long number = 0;
    while (index < payload.length && payload[index] >= '0' && payload[index] <= '9') {
      number = number * 10 + payload[index] - '0';
      if (number > LARGEST_NUMBER) {
        return;
      }
      index++;
    }
    if (number > 0) {
      found.add(number << TAG_BITS | NUMBER);
    }
  }
}
