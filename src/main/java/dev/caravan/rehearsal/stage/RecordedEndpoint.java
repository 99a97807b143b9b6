package dev.caravan.rehearsal.stage;

import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.InterceptSendToEndpoint;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.PollingConsumerSupport;
import org.jspecify.annotations.Nullable;

/** Stands in for an endpoint that leads out: records what it is sent, and has nothing to read. */
final class RecordedEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
  /** Made and never started. */
  private final Endpoint real;

  private final Onlooker onlooker;

  private RecordedEndpoint(Endpoint real, Onlooker onlooker) {
    this.real = real;
    this.onlooker = onlooker;
    setCamelContext(real.getCamelContext());
    setEndpointUri(real.getEndpointUri());
  }

  /** The endpoint as a route may use it here: itself, unless it leads out of the program. */
  static Endpoint inPlaceOf(Endpoint endpoint, Onlooker onlooker) {
    return leadsOut(endpoint) ? new RecordedEndpoint(innermost(endpoint), onlooker) : endpoint;
  }

  private static Endpoint innermost(Endpoint endpoint) {
    return endpoint instanceof InterceptSendToEndpoint intercepted
        ? innermost(intercepted.getOriginalEndpoint())
        : endpoint;
  }

  /** Whether something else has to stand in for it. */
  static boolean leadsOut(Endpoint endpoint) {
    return endpoint instanceof InterceptSendToEndpoint intercepted
        ? leadsOut(intercepted.getOriginalEndpoint())
        : !(endpoint instanceof RecordedEndpoint) && !Inside.has(endpoint);
  }

  @Override
  public boolean isMultipleConsumersSupported() {
    return true;
  }

  @Override
  public boolean isLenientProperties() {
    return real.isLenientProperties();
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) throws Exception {
        Observed observed = onlooker.of(exchange);
        if (observed.isOver()) {
          throw new RejectedExecutionException("The rehearsal is over");
        }
        Send send = SendReader.read(exchange, real, onlooker.longestBody());
        observed.sent(send);
        Answer.to(send, observed.answers()).give(exchange, send);
      }
    };
  }

  /** A route that does not begin at a delivery gets nothing. */
  @Override
  public Consumer createConsumer(Processor processor) {
    return new DefaultConsumer(this, processor);
  }

  @Override
  public PollingConsumer createPollingConsumer() {
    return new NothingToRead();
  }

  private final class NothingToRead extends PollingConsumerSupport {
    NothingToRead() {
      super(RecordedEndpoint.this);
    }

    @Override
    public @Nullable Exchange receive() {
      onlooker.readFrom(Masking.uri(getEndpointUri()));
      return null;
    }

    @Override
    public @Nullable Exchange receiveNoWait() {
      return receive();
    }

    @Override
    public @Nullable Exchange receive(long timeout) {
      return receive();
    }
  }
}
