package dev.caravan.ingress.request;

/** Where requests come from: a port of our own, or the server of the surrounding application. */
public interface RequestSource {
  /** Hands requests to the intake from now on. */
  void start(RequestSink intake);

  /** Sends new requests away; a port of our own waits until those under way are answered. */
  void drain();

  /** Takes requests again after {@link #drain}. */
  void resume();

  /** Hands over no more requests. */
  void close();

  /** The port it listens on, or 0 when that is not known here. */
  int port();
}
