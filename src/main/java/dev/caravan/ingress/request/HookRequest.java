package dev.caravan.ingress.request;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.delivery.GitHubNames;
import dev.caravan.logging.LinesAbout;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * A request that has arrived whole, as the receiving route gets it. Nothing in it is believed yet.
 *
 * @param headers what the client sent; query parameters are no part of it
 * @param receivedAt when its head was read
 * @param body the bytes as they arrived
 * @param loop the event loop that will answer
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HookRequest(
    MultiMap headers, Delivery.Encoding encoding, Instant receivedAt, byte[] body, Executor loop) {
  private static final int MOST_HEADERS = 32;

  /** What log lines say it is about: its GUID and event, if they are valid. */
  public LinesAbout lines() {
    return lines(headers);
  }

  /** The same for a request that has not arrived whole. */
  public static LinesAbout lines(MultiMap headers) {
    String guid = headers.get(GitHubHeaders.DELIVERY);
    String event = headers.get(GitHubHeaders.EVENT);
    return new LinesAbout(
        GitHubNames.isGuid(guid) ? guid : null, GitHubNames.isEvent(event) ? event : null, null);
  }

  /** A copy that holds on to nothing of the connection, with the headers that matter. */
  public HookRequest detached() {
    MultiMap own = MultiMap.caseInsensitiveMultiMap();
    headers.forEach(
        (name, value) -> {
          if (KeptHeaders.matters(name) && own.size() < MOST_HEADERS) {
            own.add(name, value);
          }
        });
    return new HookRequest(own, encoding, receivedAt, body, Runnable::run);
  }
}
