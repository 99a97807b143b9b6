package dev.caravan.webhook;

import dev.caravan.log.DeliveryLog;
import java.util.Map;
import org.apache.camel.CamelContext;

/** Brings deliveries from GitHub into a log, for a component that was given none. */
public interface Receiver extends AutoCloseable {
  /** The log, open. */
  DeliveryLog log();

  /** Begins to accept deliveries. */
  void open() throws Exception;

  /** Stops accepting deliveries; the log stays open for routes that are finishing. */
  void stop();

  @Override
  void close();

  /** Found by {@link java.util.ServiceLoader}: the packages that receive depend on this one. */
  interface Factory {
    /**
     * A receiver that accepts no deliveries yet.
     *
     * @param application the context of the component
     * @param options the component's options that are set, by their names in Camel's properties,
     *     such as {@code data-directory}
     * @throws Exception with a sentence for the user when it cannot be made
     */
    Receiver make(CamelContext application, Map<String, String> options) throws Exception;
  }
}
