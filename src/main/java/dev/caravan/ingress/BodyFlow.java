package dev.caravan.ingress;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Stops and starts the coming of a body, so that what is not read stays with the sender.
 *
 * <p>The body of a request that upgrades HTTP/1.1 to HTTP/2 still comes as HTTP/1.1: Vert.x passes
 * it on without flow control, and a paused stream would pile it up in memory. Then the connection
 * is paused, which has no other stream yet.
 */
final class BodyFlow {
  private final HttpServerRequest request;

  BodyFlow(HttpServerRequest request) {
    this.request = request;
  }

  void pause() {
    request.pause();
    if (isUpgrading()) {
      channel().config().setAutoRead(false);
    }
  }

  void resume() {
    if (isUpgrading()) {
      channel().config().setAutoRead(true);
    }
    request.resume();
  }

  private boolean isUpgrading() {
    return request.version() == HttpVersion.HTTP_2 && channel().pipeline().get("h2c") != null;
  }

  private Channel channel() {
    return ConnectionClock.channel(request.connection());
  }
}
