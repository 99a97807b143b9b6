package dev.caravan.ingress.port;

import dev.caravan.ingress.request.HookRequest;
import dev.caravan.logging.OccasionalWarning;
import dev.caravan.network.Callers;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Sends away callers that are not allowed, before looking at anything else of a request. */
final class CheckCaller {
  private final Callers callers;
  private final OccasionalWarning closed =
      new OccasionalWarning(
          LoggerFactory.getLogger("dev.caravan.ingress.refused"),
          Duration.ofSeconds(10),
          "A connection from {} was closed at once: that address is not in caravan.allow.");
  private final OccasionalWarning refused =
      new OccasionalWarning(
          LoggerFactory.getLogger("dev.caravan.ingress.refused"),
          Duration.ofSeconds(10),
          "A request from {} was refused with 403: that address is not in caravan.allow.");

  CheckCaller(Callers callers) {
    this.callers = callers;
  }

  /** The sender of a request, as an object with equals. */
  Object sender(HttpServerRequest request) {
    byte[] caller = caller(request);
    return caller == null ? "" : Callers.client(caller);
  }

  private byte @Nullable [] caller(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    if (peer == null || (peer.hostAddress() == null && !peer.isDomainSocket())) {
      return null;
    }
    return callers.caller(peer.hostAddress(), request.headers().getAll("X-Forwarded-For"));
  }

  boolean mayCall(HttpServerRequest request) {
    if (!callers.areRestricted()) {
      return true;
    }
    byte[] caller = caller(request);
    boolean may = callers.mayCall(caller);
    if (!may) {
      HookRequest.lines(request.headers()).during(() -> refused.warn(text(caller)));
    }
    return may;
  }

  /** Whether the caller may ask for health: one of our proxies (a load balancer) always may. */
  boolean mayAskForHealth(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    return !callers.areRestricted()
        || (peer != null && (peer.isDomainSocket() || callers.isProxy(peer.hostAddress())))
        || callers.mayCall(caller(request));
  }

  /** Logs an address whose connection was closed. */
  void wasClosed(byte[] address) {
    closed.warn(text(address));
  }

  /** Written from its bytes: the text of a proxy's header does not belong in the log. */
  private static String text(byte @Nullable [] address) {
    try {
      return address == null
          ? "an unknown address"
          : NetUtil.toAddressString(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      return "an unknown address";
    }
  }
}
