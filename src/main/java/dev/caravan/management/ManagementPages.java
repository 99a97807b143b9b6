package dev.caravan.management;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/** Pages for people on the management port, beside the API. They keep their own rule of access. */
public interface ManagementPages {
  /** Adds their paths. Called once, before anything listens. */
  void addTo(Router router, Vertx vertx);

  /** A path that opens the pages once to whoever follows it, for who may do everything. */
  String newLink();
}
