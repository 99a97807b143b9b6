package dev.caravan.github.api;

/**
 * How a hook should be configured: JSON, signed, over verified TLS.
 *
 * @param secret never shown
 */
public record HookConfig(String url, String secret) {
  @Override
  public String toString() {
    return "HookConfig[" + url + "]";
  }
}
