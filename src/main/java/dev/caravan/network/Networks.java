package dev.caravan.network;

import java.util.Collection;

/** Several networks. Immutable, for every thread. */
final class Networks {
  static final Networks NONE = new Networks(new Network[0]);

  private final Network[] networks;

  private Networks(Network[] networks) {
    this.networks = networks;
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException for the first that is not one; the message begins with it
   */
  static Networks of(Collection<String> texts) {
    return new Networks(texts.stream().map(Networks::network).toArray(Network[]::new));
  }

  boolean isEmpty() {
    return networks.length == 0;
  }

  boolean contain(byte[] address) {
    for (Network network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static Network network(String text) {
    try {
      return Network.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "', " + e.getMessage(), e);
    }
  }
}
