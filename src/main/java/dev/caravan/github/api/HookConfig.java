package dev.caravan.github.api;

/**
 * What a hook should be like: JSON, signed, over verified TLS.
 *
 * @param secret never shown
 */
public record HookConfig(String url, String secret) {
  @Override
  public String toString() {
    return "HookConfig[" + url + "]";
  }
}
