package dev.caravan.management;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/** Pages for people on the management port, beside the API. They have their own access rule. */
public interface ManagementPages {
  /**
   * The most bytes that a field of a form may have; Vert.x takes 8 KiB, less than most payloads.
   */
  int LARGEST_FIELD = 2 * 1024 * 1024;

  /**
   * Adds their paths. Called once, before anything listens.
   *
   * @param large what sends bodies and payloads, for all on this port
   */
  void addTo(Router router, Vertx vertx, LargeAnswers large);

  /** A path that opens the pages once for whoever follows it, with permission to do everything. */
  String newLink();
}
