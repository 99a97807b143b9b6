package dev.caravan.notices;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs its route for each notice, one after the other. At most once, and from memory: the sender of
 * a notice does not wait, the oldest notice is dropped when too many wait, and a failed one is not
 * tried again. A failure here causes no notice, so nothing can go round in circles.
 */
final class CaravanEventsConsumer extends DefaultConsumer {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.notices");
  private static final int MOST_WAITING = 1000;

  private final Set<NoticeKind> wanted;
  private final Supplier<Notices> source;
  private final BlockingQueue<Notice> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final java.util.function.Consumer<Notice> listener = this::add;
  private @Nullable ExecutorService executor;
  private volatile boolean isLosing;

  CaravanEventsConsumer(
      Endpoint endpoint, Processor processor, Set<NoticeKind> wanted, Supplier<Notices> source) {
    super(endpoint, processor);
    this.wanted = wanted;
    this.source = source;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    ExecutorService thread =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newSingleThreadExecutor(this, getRouteId());
    executor = thread;
    thread.execute(this::work);
    source.get().add(listener);
  }

  @Override
  protected void doStop() throws Exception {
    source.get().remove(listener);
    if (executor != null) {
      getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(executor);
      executor = null;
    }
    super.doStop();
  }

  private void add(Notice notice) {
    if (!wanted.contains(notice.kind())) {
      return;
    }
    while (!waiting.offer(notice)) {
      Notice lost = waiting.poll();
      if (lost != null && !isLosing) {
        isLosing = true;
        LOG.warn(
            "Route '{}' is so slow that notices are lost, starting with: {}",
            getRouteId(),
            lost.text());
      }
    }
  }

  private void work() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        run(waiting.take());
        isLosing = isLosing && !waiting.isEmpty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the route is stopped
    }
  }

  private void run(Notice notice) {
    Exchange exchange = createExchange(false);
    try {
      write(notice, exchange.getIn());
      getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    Exception failure = exchange.getException();
    if (failure != null) {
      getExceptionHandler()
          .handleException("A notice came to nothing: " + notice.text(), exchange, failure);
    }
    releaseExchange(exchange, false);
  }

  private static void write(Notice notice, Message message) {
    message.setBody(notice.text());
    message.setHeader(CaravanEventsConstants.KIND, notice.kind().word());
    message.setHeader(CaravanEventsConstants.STATE, notice.state().name().toLowerCase(Locale.ROOT));
    message.setHeader(CaravanEventsConstants.TIME, notice.at());
    notice
        .details()
        .forEach((name, value) -> message.setHeader(CaravanEventsConstants.header(name), value));
  }
}
