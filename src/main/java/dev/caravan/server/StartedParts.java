package dev.caravan.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running parts of the program, in the order in which they were started. */
final class StartedParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan");

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Stops them, the last one first. One that cannot be stopped does not prevent the others. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("{} did not stop cleanly.", part.getClass().getSimpleName(), e);
      }
    }
  }
}
