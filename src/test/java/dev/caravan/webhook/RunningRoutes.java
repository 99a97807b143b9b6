package dev.caravan.webhook;

import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.MemoryDeliveryLog;
import dev.caravan.log.MemoryDeliveryLog.Told;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.awaitility.core.ConditionFactory;

/** A Camel context with a delivery log, and the routes a test wants. */
public final class RunningRoutes implements AutoCloseable {
  private final MemoryDeliveryLog log = new MemoryDeliveryLog();
  private final DefaultCamelContext context = new DefaultCamelContext();

  public RunningRoutes() {
    context.getRegistry().bind("deliveryLog", log);
    context.getShutdownStrategy().setTimeout(10);
  }

  /** Starts a context with one route of YAML and more of Java. */
  public static RunningRoutes java(RoutesBuilder... builders) {
    return new RunningRoutes().add(builders).start();
  }

  public RunningRoutes with(Consumer<DefaultCamelContext> change) {
    change.accept(context);
    return this;
  }

  RunningRoutes add(RoutesBuilder... builders) {
    try {
      for (RoutesBuilder builder : builders) {
        context.addRoutes(builder);
      }
      return this;
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  public RunningRoutes yaml(String routes) {
    try {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString("test.camel.yaml", routes));
      return this;
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  public RunningRoutes start() {
    context.start();
    return this;
  }

  public DefaultCamelContext context() {
    return context;
  }

  public MemoryDeliveryLog log() {
    return log;
  }

  public MockEndpoint mock(String name) {
    return context.getEndpoint("mock:" + name, MockEndpoint.class);
  }

  /** Appends the delivery and returns the first exchange that reaches {@code mock:name} then. */
  Exchange deliver(Delivery delivery, String name) {
    int before = mock(name).getReceivedCounter();
    log.append(delivery).join();
    atOnce().until(() -> mock(name).getReceivedCounter() > before);
    return mock(name).getReceivedExchanges().get(before);
  }

  /** Appends the delivery and returns what its first attempt is told. */
  public Told outcome(Delivery delivery) {
    log.append(delivery).join();
    atOnce().until(() -> !told(delivery).isEmpty());
    return told(delivery).get(0);
  }

  /** What is waited for here is not so before, and comes within milliseconds. */
  private static ConditionFactory atOnce() {
    return await().pollDelay(Duration.ofMillis(2)).pollInterval(Duration.ofMillis(5));
  }

  List<Told> told(Delivery delivery) {
    return log.told().stream().filter(told -> told.guid().equals(delivery.guid())).toList();
  }

  @Override
  public void close() {
    context.stop();
    log.close();
  }

  /** A route builder that fits on a line. */
  public static RouteBuilder route(Consumer<RouteBuilder> body) {
    return new RouteBuilder() {
      @Override
      public void configure() {
        body.accept(this);
      }
    };
  }
}
