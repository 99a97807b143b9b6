package dev.caravan.ingress.request;

/** Where requests come from: a port of our own, or the server of the surrounding application. */
public interface RequestSource {
  /** Hands requests to the intake from then on. */
  void start(RequestSink intake);

  /** Sends new requests away, and waits until those that are here have been answered. */
  void drain();

  /** Takes requests again after {@link #drain}. */
  void resume();

  /** Hands over no more requests. */
  void close();

  /** The port that is listened on, or 0 when that is not known here. */
  int port();
}
