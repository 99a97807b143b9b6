package dev.caravan.github.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rate limits that GitHub's newest answers report. Safe for use by many threads. */
public final class RateLimits {
  private static final int MOST = 16; // GitHub has about ten

  private final Map<String, Limit> limits = new TreeMap<>();

  /**
   * The state of one of GitHub's limits.
   *
   * @param resource GitHub's word for what is limited, such as {@code core}
   * @param limit requests an hour
   * @param remaining requests that are left
   * @param reset when all are available again
   */
  public record Limit(String resource, long limit, long remaining, Instant reset) {}

  /** All that GitHub has reported, by resource. */
  public synchronized List<Limit> all() {
    return List.copyOf(limits.values());
  }

  /** Records what an answer reports. */
  void read(Answer answer) {
    long limit = number(answer.header("X-RateLimit-Limit"));
    long remaining = number(answer.header("X-RateLimit-Remaining"));
    long reset = number(answer.header("X-RateLimit-Reset"));
    String told = answer.header("X-RateLimit-Resource");
    String resource = told.matches("[a-z_]{1,40}") ? told : "core";
    if (limit >= 0 && remaining >= 0 && reset >= 0) {
      add(new Limit(resource, limit, remaining, Instant.ofEpochSecond(reset)));
    }
  }

  private synchronized void add(Limit limit) {
    if (limits.containsKey(limit.resource()) || limits.size() < MOST) {
      limits.put(limit.resource(), limit);
    }
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
  }
}
