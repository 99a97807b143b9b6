package dev.caravan.ingress;

import dev.caravan.config.OutOfMemory;
import dev.caravan.logging.LinesAbout;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private final AtomicInteger silent = new AtomicInteger();

  @Override
  public void process(Exchange exchange) {
    Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
    OutOfMemory.endsProgram(failure);
    long now = System.nanoTime();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL)) {
      lines(exchange)
          .during(
              () ->
                  LOG.error(
                      "A delivery could not be taken, GitHub was answered 503; {} more since the last report.",
                      silent.getAndSet(0),
                      failure));
    } else {
      silent.incrementAndGet();
    }
  }

  private static LinesAbout lines(Exchange exchange) {
    return exchange.getMessage() instanceof HookMessage message
        ? message.request().lines()
        : LinesAbout.NOTHING;
  }
}
