package dev.caravan.ingress;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The bytes of heap that a payload takes which has been read, by the layout of the JDK's objects
 * (64 bits, pointers of 32): its maps, its lists and what is in them, a name that is there often
 * counted once.
 */
final class HeapTaken {
  private final Set<Object> names = Collections.newSetFromMap(new IdentityHashMap<>());

  private HeapTaken() {}

  static long by(Map<?, ?> payload) {
    return new HeapTaken().map(payload);
  }

  private long of(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map(map);
    } else if (value instanceof List<?> list) {
      return list(list);
    } else if (value instanceof String text) {
      return text(text);
    } else if (value instanceof BigInteger whole) {
      return whole(whole);
    } else if (value instanceof BigDecimal number) {
      return 40 + (number.precision() > 18 ? whole(number.unscaledValue()) : 0);
    }
    return value instanceof Long ? 24 : 0; // small numbers, true and false are shared
  }

  private long map(Map<?, ?> map) {
    long bytes = 56;
    int places = 16;
    while (map.size() > places * 3 / 4) {
      places *= 2;
    }
    bytes += map.isEmpty() ? 0 : array(4L * places);
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      bytes += 40 + (names.add(entry.getKey()) ? of(entry.getKey()) : 0) + of(entry.getValue());
    }
    return bytes;
  }

  private long list(List<?> list) {
    int places = 10;
    while (list.size() > places) {
      places += places / 2;
    }
    long bytes = 24 + (list.isEmpty() ? 0 : array(4L * places));
    for (Object value : list) {
      bytes += of(value);
    }
    return bytes;
  }

  private static long text(String text) {
    boolean isNarrow = text.chars().allMatch(letter -> letter < 256);
    return 24 + array((isNarrow ? 1L : 2L) * text.length());
  }

  private static long whole(BigInteger number) {
    return 40 + array(4L * (number.bitLength() / 32 + 1));
  }

  private static long array(long content) {
    return (16 + content + 7) / 8 * 8;
  }
}
