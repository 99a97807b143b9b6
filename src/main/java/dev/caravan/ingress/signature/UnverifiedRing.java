package dev.caravan.ingress.signature;

import dev.caravan.ingress.request.HookRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The newest refused requests, up to a number of bytes. A request that was recognised is dropped
 * only when there is nothing else to drop: noise from strangers cannot push out what is worth
 * keeping.
 */
public final class UnverifiedRing {
  /** Bytes that a request takes besides its body and the text of its headers. */
  private static final int OVERHEAD = 2048;

  private final long capacity;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private long bytes;

  /** A request, and what an operator may see of it. */
  public record Kept(HookRequest request, UnverifiedRequest shown) {
    long size() {
      long headers = 0;
      for (Map.Entry<String, String> header : request.headers()) {
        headers += header.getKey().length() + header.getValue().length();
      }
      return OVERHEAD + headers + request.body().length;
    }
  }

  public UnverifiedRing(long capacity) {
    this.capacity = capacity;
  }

  synchronized void add(Kept one) {
    if (one.size() > capacity) {
      return;
    }
    kept.addLast(one);
    bytes += one.size();
    if (bytes > capacity) {
      drop(false);
      drop(true);
    }
  }

  private void drop(boolean recognisedToo) {
    for (Iterator<Kept> oldestFirst = kept.iterator();
        bytes > capacity && oldestFirst.hasNext(); ) {
      Kept one = oldestFirst.next();
      if (recognisedToo || !one.shown().recognised()) {
        oldestFirst.remove();
        bytes -= one.size();
      }
    }
  }

  /** All of them, the oldest first. */
  public synchronized List<Kept> all() {
    return new ArrayList<>(kept);
  }

  public synchronized void remove(Kept one) {
    if (kept.remove(one)) {
      bytes -= one.size();
    }
  }
}
