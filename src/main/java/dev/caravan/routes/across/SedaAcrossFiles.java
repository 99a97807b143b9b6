package dev.caravan.routes.across;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.seda.BlockingQueueFactory;
import org.apache.camel.component.seda.QueueReference;
import org.apache.camel.component.seda.SedaComponent;
import org.apache.camel.component.seda.SedaConsumer;
import org.apache.camel.component.seda.SedaEndpoint;

/** {@code seda:} that knows the queues of all files; the routes of one file read each. */
final class SedaAcrossFiles extends SedaComponent {
  private final Queues all;

  SedaAcrossFiles(Queues all) {
    this.all = all;
  }

  /** The queues of all files, and the context of the routes that read each. */
  static final class Queues {
    private final Map<String, QueueReference> queues = new ConcurrentHashMap<>();
    private final Map<String, CamelContext> readers = new ConcurrentHashMap<>();

    /**
     * Refuses a second file: it would take messages of the first, {@code multipleConsumers} or not.
     */
    private void claim(String key, CamelContext context) {
      CamelContext reader = readers.putIfAbsent(key, context);
      if (reader != null && reader != context) {
        throw new IllegalArgumentException(
            "%s is read by a route of another file already. Give one of the two queues another name"
                .formatted(key.replace("://", ":")));
      }
    }

    private void release(CamelContext context) {
      readers.values().removeIf(context::equals);
    }
  }

  @Override
  public QueueReference getOrCreateQueue(
      SedaEndpoint endpoint,
      Integer size,
      Boolean multipleConsumers,
      BlockingQueueFactory<Exchange> customQueueFactory) {
    synchronized (all) {
      return super.getOrCreateQueue(endpoint, size, multipleConsumers, customQueueFactory);
    }
  }

  /** Camel clears what this returns when a context stops; the queues of other files must stay. */
  @Override
  public Map<String, QueueReference> getQueues() {
    return isStopping() ? new HashMap<>() : all.queues;
  }

  @Override
  public QueueReference getQueueReference(String key) {
    return all.queues.get(key);
  }

  @Override
  protected SedaEndpoint createEndpoint(
      String uri, Component component, BlockingQueueFactory<Exchange> factory, int consumers) {
    return new SedaEndpoint(uri, component, factory, consumers) {
      @Override
      protected SedaConsumer createNewConsumer(Processor processor) {
        return new Reader(this, processor);
      }
    };
  }

  @Override
  protected SedaEndpoint createEndpoint(
      String uri, Component component, BlockingQueue<Exchange> queue, int consumers) {
    return new SedaEndpoint(uri, component, queue, consumers) {
      @Override
      protected SedaConsumer createNewConsumer(Processor processor) {
        return new Reader(this, processor);
      }
    };
  }

  /** Reads from its queue unless another file's route does, and works in its own context. */
  private final class Reader extends SedaConsumer {
    Reader(SedaEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
    }

    @Override
    protected void doStart() throws Exception {
      all.claim(getQueueKey(getEndpoint().getEndpointUri()), getEndpoint().getCamelContext());
      super.doStart();
    }

    @Override
    protected Exchange prepareExchange(Exchange exchange) {
      return super.prepareExchange(MovedExchange.into(getEndpoint().getCamelContext(), exchange));
    }

    /** The one that was read from the queue does not know how it ended, if another file sent it. */
    @Override
    protected void onProcessingDone(Exchange original, Exchange prepared) {
      super.onProcessingDone(prepared, prepared);
    }
  }

  @Override
  protected void doStop() throws Exception {
    all.release(getCamelContext());
    super.doStop();
  }
}
