package dev.caravan.network;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides by a caller's address whether it may post deliveries. For every thread, never blocks.
 *
 * <p>Behind a trusted proxy the caller is the one in {@code X-Forwarded-For}, read from the right:
 * each proxy adds its caller at that end, and anything further left may be made up.
 */
public final class Callers implements AutoCloseable {
  /** No restriction. */
  public static final Callers ANYONE = new Callers(null, Networks.NONE, null);

  private static final String ALLOW = "caravan.allow";
  private static final String PROXIES = "caravan.trusted-proxies";
  private static final String META = "caravan.github-meta";
  private static final String GITHUB = "github";
  private static final int MOST_HOPS = 32;

  private final @Nullable Networks allowed;
  private final Networks proxies;
  private final @Nullable GitHubNetworks gitHub;

  private Callers(@Nullable Networks allowed, Networks proxies, @Nullable GitHubNetworks gitHub) {
    this.allowed = allowed;
    this.proxies = proxies;
    this.gitHub = gitHub;
  }

  /**
   * Reads the settings, and asks for GitHub's networks where they are wanted.
   *
   * @param kept the file that GitHub's networks are kept in
   * @throws InvalidSettingException for a setting that does not fit, by its key
   * @throws IllegalStateException when GitHub's networks are wanted and cannot be fetched
   */
  public static Callers from(Settings settings, Path kept) {
    List<String> allow = words(settings.text(ALLOW));
    Networks proxies = networks(PROXIES, words(settings.text(PROXIES)));
    if (allow.isEmpty()) {
      return new Callers(null, proxies, null);
    }
    boolean wantsGitHub = allow.removeIf(word -> word.equalsIgnoreCase(GITHUB));
    Networks allowed = networks(ALLOW, allow);
    URI meta = meta(settings);
    return new Callers(allowed, proxies, wantsGitHub ? GitHubNetworks.of(meta, kept) : null);
  }

  /**
   * Only reads the settings.
   *
   * @throws InvalidSettingException for a setting that does not fit, by its key
   */
  public static void check(Settings settings) {
    networks(PROXIES, words(settings.text(PROXIES)));
    List<String> allow = words(settings.text(ALLOW));
    allow.removeIf(word -> word.equalsIgnoreCase(GITHUB));
    networks(ALLOW, allow);
    meta(settings);
  }

  /** Whether there is anything to decide. */
  public boolean areRestricted() {
    return allowed != null;
  }

  /** Whether the other end of a connection is the caller: there is no proxy that could name one. */
  boolean decideByPeer() {
    return allowed != null && proxies.isEmpty();
  }

  /** Whether that address, as it is written, is one of our own proxies. */
  public boolean isProxy(@Nullable String address) {
    byte[] bytes = address == null ? null : Network.address(address);
    return bytes != null && isProxy(bytes);
  }

  /** Whether that address is one of our own proxies. */
  boolean isProxy(byte[] address) {
    return proxies.contain(address);
  }

  /**
   * The address a request comes from.
   *
   * @param peer the address at the other end of the connection; null when it came by a Unix socket,
   *     behind which there is a proxy of ours
   * @param forwardedFor every value of {@code X-Forwarded-For}, in the order they came
   * @return null when a trusted proxy names something that is not an address
   */
  public byte @Nullable [] caller(@Nullable String peer, List<String> forwardedFor) {
    byte[] address = null;
    if (peer != null) {
      address = Network.address(peer);
      if (address == null || !proxies.contain(address)) {
        return address;
      }
    }
    String[] hops = String.join(",", forwardedFor).split(",", -1);
    int last = Math.max(0, hops.length - MOST_HOPS);
    for (int hop = hops.length - 1; hop >= last; hop--) {
      if (!hops[hop].isBlank()) {
        address = Network.address(withoutPort(hops[hop].strip()));
        if (address == null || !proxies.contain(address)) {
          return address;
        }
      }
    }
    return address;
  }

  /**
   * The client that an address belongs to, as something that can be compared; all IPv6 addresses of
   * one client are the same.
   */
  public static Object client(byte[] address) {
    return Network.client(address);
  }

  /** Whether that address may call. */
  public boolean mayCall(byte @Nullable [] caller) {
    return allowed == null
        || (caller != null
            && (allowed.contain(caller) || (gitHub != null && gitHub.contain(caller))));
  }

  /** Stops asking for GitHub's networks. */
  @Override
  public void close() {
    if (gitHub != null) {
      gitHub.close();
    }
  }

  /** Some proxies write {@code 192.0.2.1:4711} or {@code [2001:db8::1]:4711}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>(Arrays.asList(text.split("[,\\s]+", -1)));
    words.removeIf(String::isEmpty);
    return words;
  }

  private static Networks networks(String key, List<String> words) {
    try {
      return Networks.of(words);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(key + " has " + e.getMessage() + ".");
    }
  }

  private static URI meta(Settings settings) {
    String text = settings.text(META);
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // refused below, with the same sentence
    }
    throw settings.refuse(META, "a URL such as https://api.github.com/meta");
  }
}
