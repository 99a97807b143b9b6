package dev.caravan.webhook;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import java.nio.file.Path;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Routes that read the real log, which can be closed and opened again as by a restart. */
abstract class RoutesOnDisk {
  @TempDir private Path data;

  SqliteDeliveryLog log;
  DefaultCamelContext context;

  @BeforeEach
  void open() {
    log = SqliteDeliveryLog.open(data, TestLog.OPTIONS);
    context = new DefaultCamelContext();
    context.getRegistry().bind("deliveryLog", log);
    context.getShutdownStrategy().setTimeout(5);
  }

  @AfterEach
  void close() {
    context.stop();
    log.close();
  }

  void start(RoutesBuilder routes) throws Exception {
    context.addRoutes(routes);
    context.start();
  }

  void append(Delivery delivery) {
    log.append(delivery).join();
  }
}
