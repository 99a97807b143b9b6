package dev.caravan.webhook;

import dev.caravan.log.DeliveryLog;
import java.util.Map;
import org.apache.camel.CamelContext;

/** Brings deliveries from GitHub into a log, for a component that was given none. */
public interface Receiver extends AutoCloseable {
  /** The log, open. */
  DeliveryLog log();

  /** Begins to take deliveries. */
  void open() throws Exception;

  /** Stops to take deliveries, and leaves the log open for the routes that end. */
  void stop();

  @Override
  void close();

  /** Makes one. Found by {@link java.util.ServiceLoader}, since all that receives is above. */
  interface Factory {
    /**
     * One that takes no deliveries yet.
     *
     * @param application the context of the component
     * @param options those of the component that are set, by their names as Camel's properties have
     *     them, such as {@code data-directory}
     * @throws Exception with a sentence for the user when it cannot be made
     */
    Receiver make(CamelContext application, Map<String, String> options) throws Exception;
  }
}
