package dev.caravan.ingress.request;

import java.util.function.Consumer;

/** Takes requests that have arrived whole; the receiving route, in front of the server. */
@FunctionalInterface
public interface RequestSink {
  /**
   * Starts work on a request and returns without waiting for its end.
   *
   * @param answered to be called once, by any thread
   */
  void take(HookRequest request, Consumer<Answer> answered);
}
