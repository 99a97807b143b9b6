package dev.caravan.routes.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.Delivery;
import dev.caravan.log.Kept;
import dev.caravan.log.TestLog;
import dev.caravan.log.history.AttemptRecord;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.webhook.Deliveries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/** One route file, loaded as it is, reading a delivery log in a directory of the test's. */
final class RunningExample implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SqliteDeliveryLog log;
  private final DefaultCamelContext context = new DefaultCamelContext();

  /**
   * @param file within routes/
   * @param properties what its first comment asks for
   */
  RunningExample(String file, Path data, Map<String, String> properties) throws Exception {
    this(file, data, properties, Map.of());
  }

  /**
   * Starts it.
   *
   * @param beans by the names that the file knows them by
   */
  RunningExample(String file, Path data, Map<String, String> properties, Map<String, Object> beans)
      throws Exception {
    beans.forEach(context.getRegistry()::bind);
    log = SqliteDeliveryLog.open(data, TestLog.OPTIONS);
    context.getRegistry().bind("deliveryLog", log);
    Properties values = new Properties();
    values.putAll(properties);
    context.getPropertiesComponent().setInitialProperties(values);
    context.getShutdownStrategy().setTimeout(5);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:routes/" + file));
    context.start();
  }

  /** A sample event with changes; none gives what {@code caravan send} posts. */
  static String sample(String event, Consumer<ObjectNode> change) {
    try (InputStream file =
        RunningExample.class.getResourceAsStream("/dev/caravan/samples/" + event + ".json")) {
      ObjectNode payload = (ObjectNode) JSON.readTree(file);
      change.accept(payload);
      return payload.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Delivery json(String event, Consumer<ObjectNode> change) {
    return Deliveries.json(event, sample(event, change));
  }

  /** Appends deliveries without waiting for what the route does with them. */
  void deliver(Delivery... deliveries) {
    for (Delivery delivery : deliveries) {
      log.append(delivery).join();
    }
  }

  /** Waits until the route has tried this delivery that often. */
  List<AttemptRecord> attempts(Delivery delivery, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Kept.attempts(log.history(), delivery.guid()).size() >= count);
    return Kept.attempts(log.history(), delivery.guid());
  }

  /** Waits for the first attempt, which fails, and makes the next at once: its error. */
  @Nullable String failsThenTriesAgain(Delivery delivery) {
    String error = attempts(delivery, 1).get(0).error();
    log.retryNow(context.getRoutes().get(0).getId());
    return error;
  }

  /** Waits until the route is done with this delivery and those before it. */
  void completes(Delivery delivery) {
    List<AttemptRecord> attempts = attempts(delivery, 1);
    if (attempts.get(0).error() != null) {
      throw new AssertionError(attempts.get(0).error());
    }
  }

  @Override
  public void close() {
    context.stop();
    log.close();
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
