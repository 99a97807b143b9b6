package dev.caravan.ingress;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a failure that nobody foresaw: a fault of ours, or of the log. One in ten seconds is enough
 * to find it by; at thousands of requests a second the rest would fill the disk.
 */
final class ReportUnexpected implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(ReportUnexpected.class);
  private static final long INTERVAL = Duration.ofSeconds(10).toNanos();
  private static final int LONGEST_MESSAGE = 300;

  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private final AtomicInteger silent = new AtomicInteger();

  @Override
  public void process(Exchange exchange) {
    Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
    long now = System.nanoTime();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL)) {
      LOG.error(
          "A delivery could not be taken, GitHub was answered 503; {} more since the last report."
              + " {}",
          silent.getAndSet(0),
          describe(failure));
    } else {
      silent.incrementAndGet();
    }
  }

  /** Not the logger's own way: a message may quote what a client sent, line breaks and all. */
  static String describe(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    String printable =
        message
            .substring(0, Math.min(message.length(), LONGEST_MESSAGE))
            .replaceAll("[^\\x20-\\x7e]", "?");
    return failure.getClass().getName()
        + ": "
        + printable
        + Arrays.stream(failure.getStackTrace())
            .map(frame -> "\n\tat " + frame)
            .collect(Collectors.joining());
  }
}
