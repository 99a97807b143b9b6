package dev.caravan.routes.across;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.component.direct.DirectEndpoint;

/** {@code direct:} that knows the consumers of all files; each name has one. */
final class DirectAcrossFiles extends DirectComponent {
  private final Consumers all;

  DirectAcrossFiles(Consumers all) {
    this.all = all;
  }

  /**
   * The consumers of all files. Every component is told of each consumer, since producers remember
   * the one they use until they are told of a change.
   */
  static final class Consumers {
    private final Map<String, DirectConsumer> consumers = new HashMap<>();
    private final Set<DirectAcrossFiles> components = new HashSet<>();

    private synchronized void join(DirectAcrossFiles component) {
      consumers.forEach(component::addFromAnywhere);
      components.add(component);
    }

    private synchronized void leave(DirectAcrossFiles component) {
      components.remove(component);
    }

    private synchronized void add(String key, DirectConsumer consumer) {
      if (consumers.putIfAbsent(key, consumer) != null) {
        throw new IllegalArgumentException(
            "%s is read by another route already, and only one can. Give one of the two another name"
                .formatted(key.replace("://", ":")));
      }
      components.forEach(component -> component.addFromAnywhere(key, consumer));
    }

    private synchronized void remove(String key, DirectConsumer consumer) {
      if (consumers.remove(key, consumer)) {
        components.forEach(component -> component.removeFromAnywhere(key, consumer));
      }
    }
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    DirectEndpoint endpoint =
        new DirectEndpoint(uri, this) {
          @Override
          public Consumer createConsumer(Processor processor) throws Exception {
            return super.createConsumer(new InOwnContext(processor, getCamelContext()));
          }
        };
    endpoint.setBlock(isBlock());
    endpoint.setTimeout(getTimeout());
    setProperties(endpoint, parameters);
    return endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    all.join(this);
  }

  @Override
  protected void doStop() throws Exception {
    all.leave(this);
    super.doStop();
  }

  @Override
  public void addConsumer(String key, DirectConsumer consumer) {
    all.add(key, consumer);
  }

  @Override
  public void removeConsumer(String key, DirectConsumer consumer) {
    all.remove(key, consumer);
  }

  private void addFromAnywhere(String key, DirectConsumer consumer) {
    super.addConsumer(key, consumer);
  }

  private void removeFromAnywhere(String key, DirectConsumer consumer) {
    super.removeConsumer(key, consumer);
  }
}
