package dev.caravan.webhook;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.support.DefaultConsumer;

/** The threads that a route's attempts begin on. */
final class RouteThreads {
  private static final long IDLE_SECONDS = 10;

  private RouteThreads() {}

  /** A thread pool of Camel's, named after the route. */
  static ExecutorService of(DefaultConsumer consumer, int concurrency) {
    String route = consumer.getRouteId();
    // The log hands out at most that many at once. The queue is for the moment when an attempt has
    // reported its outcome but still has its thread.
    return consumer
        .getEndpoint()
        .getCamelContext()
        .getExecutorServiceManager()
        .newThreadPool(
            consumer,
            route,
            new ThreadPoolProfileBuilder(route)
                .poolSize(concurrency)
                .maxPoolSize(concurrency)
                .maxQueueSize(Integer.MAX_VALUE)
                .keepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS)
                .allowCoreThreadTimeOut(true)
                .build());
  }
}
