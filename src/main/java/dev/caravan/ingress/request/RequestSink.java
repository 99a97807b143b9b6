package dev.caravan.ingress.request;

import java.util.function.Consumer;

/** Takes requests that have arrived whole: the receiving route, as the server sees it. */
@FunctionalInterface
public interface RequestSink {
  /**
   * Starts work on a request and returns without waiting for its end.
   *
   * @param answered called once, by any thread
   */
  void take(HookRequest request, Consumer<Answer> answered);
}
