package dev.caravan.ingress.route;

import dev.caravan.config.OutOfMemory;
import dev.caravan.logging.LinesAbout;
import dev.caravan.logging.OccasionalWarning;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.slf4j.LoggerFactory;

/**
 * Logs an unexpected failure, of this program or of the log: at most one in ten seconds, since at
 * thousands of requests a second they would fill the disk.
 */
public final class ReportUnexpected implements Processor {
  private final OccasionalWarning report =
      new OccasionalWarning(
          LoggerFactory.getLogger(ReportUnexpected.class),
          Duration.ofSeconds(10),
          "A delivery could not be taken, GitHub was answered 503.");

  @Override
  public void process(Exchange exchange) {
    Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
    OutOfMemory.endsProgram(failure);
    lines(exchange).during(() -> report.error(failure));
  }

  private static LinesAbout lines(Exchange exchange) {
    return exchange.getMessage() instanceof HookMessage message
        ? message.request().lines()
        : LinesAbout.NOTHING;
  }
}
