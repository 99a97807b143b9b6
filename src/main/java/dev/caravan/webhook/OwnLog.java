package dev.caravan.webhook;

import dev.caravan.log.DeliveryLog;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * The log of a component that receives by itself. Deliveries are accepted once every route of the
 * context has started, for none to miss one, until the context begins to stop.
 */
final class OwnLog extends LifecycleStrategySupport implements StartupListener {
  private final CamelContext context;
  private final Receiver receiver;
  private boolean isWaited;
  private boolean isOpen;

  private OwnLog(CamelContext context, Receiver receiver) {
    this.context = context;
    this.receiver = receiver;
    context.addLifecycleStrategy(this);
  }

  static OwnLog open(CamelContext context, Map<String, String> options) throws Exception {
    // With the component's own class loader, which has what is beside it. The application's may
    // not, or is missing, as when Maven runs it.
    Receiver.Factory factory =
        ServiceLoader.load(Receiver.Factory.class, OwnLog.class.getClassLoader())
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "github-webhook: has no delivery log to read: there is no bean of type"
                            + " dev.caravan.log.DeliveryLog in the registry, and the class path has"
                            + " nothing that receives. Add dev.caravan:camel-github-webhook whole"));
    return new OwnLog(context, factory.make(context, options));
  }

  DeliveryLog log() {
    return receiver.log();
  }

  /** A route reads what is received, or will once the context has started. */
  synchronized void isRead() throws Exception {
    if (!isWaited) {
      isWaited = true;
      context.addStartupListener(this);
    }
  }

  @Override
  public void onCamelContextStarted(CamelContext started, boolean alreadyStarted) throws Exception {
    if (alreadyStarted) { // Camel logs nothing more about a start that is over
      open();
    }
  }

  @Override
  public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted)
      throws Exception {
    open();
  }

  private synchronized void open() throws Exception {
    if (!isOpen) {
      isOpen = true;
      receiver.open();
    }
  }

  @Override
  public void onContextStopping(CamelContext stopping) {
    receiver.stop();
  }

  void close() {
    context.getLifecycleStrategies().remove(this);
    receiver.close();
  }
}
