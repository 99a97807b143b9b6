package dev.caravan.management;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/** Pages for people on the management port, beside the API. They keep their own rule of access. */
@FunctionalInterface
public interface ManagementPages {
  /** A port without pages. */
  ManagementPages NONE = (router, vertx) -> {};

  /** Adds their paths. Called once, before anything listens. */
  void addTo(Router router, Vertx vertx);
}
