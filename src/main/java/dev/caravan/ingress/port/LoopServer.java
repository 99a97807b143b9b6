package dev.caravan.ingress.port;

import dev.caravan.config.OutOfMemory;
import dev.caravan.ingress.request.OverdueAppends;
import dev.caravan.network.ListeningPlace;
import dev.caravan.network.StrictHttp;
import dev.caravan.network.tls.Tls;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of one event loop, and the checks that the loop makes periodically. */
final class LoopServer extends AbstractVerticle {
  private static final Logger LOG = LoggerFactory.getLogger(LoopServer.class);
  // What strangers can make us hold, in a heap of 256 MiB of which some 50 are the program's own:
  // 1024 connections, each with a head of at most 12 KiB of text and 100 fields of 150 bytes and
  // ten KiB of Vert.x's objects, are 40 MiB, and with TLS 40 MiB more; bodies are 64 MiB, or 82
  // while one of the largest is alone (its 25 MiB and a copy, beside the small half's 32). Requests
  // beside others on their connection count like connections, so streams do not multiply that.
  private static final int BACKLOG = 4096;
  private static final int STREAMS = 100;

  // Sixteen paused streams of one connection fill it before its others wait; it is also the most
  // unread data of a client in our memory.
  private static final int CONNECTION_WINDOW = 1024 * 1024;

  private final ListeningPlace place;
  private final @Nullable Tls tls;
  private final ConnectionTimeouts limits;
  private final OverdueAppends overdue;
  private final Function<EventLoop, HookRequests> requests;
  private final Consumer<EventLoop> begun;
  private final IntConsumer listening;

  /**
   * @param requests makes what handles the requests of a loop
   * @param begun gets the loop
   * @param listening gets the port
   */
  LoopServer(
      ListeningPlace place,
      @Nullable Tls tls,
      ConnectionTimeouts limits,
      OverdueAppends overdue,
      Function<EventLoop, HookRequests> requests,
      Consumer<EventLoop> begun,
      IntConsumer listening) {
    this.place = place;
    this.tls = tls;
    this.limits = limits;
    this.overdue = overdue;
    this.requests = requests;
    this.begun = begun;
    this.listening = listening;
  }

  @Override
  public void start(Promise<Void> started) {
    EventLoop loop = new EventLoop(context);
    begun.accept(loop);
    context.exceptionHandler(
        failure -> {
          OutOfMemory.endsProgram(failure);
          LOG.error("A connection failed unexpectedly", failure);
        });
    place
        .listen(
            StrictHttp.createServer(vertx, options())
                .requestHandler(requests.apply(loop))
                .exceptionHandler(
                    failure -> {
                      OutOfMemory.endsProgram(failure);
                      LOG.debug("A connection failed", failure);
                    }))
        .onSuccess(server -> listening.accept(server.actualPort()))
        .<Void>mapEmpty()
        .onComplete(started);
    vertx.setPeriodic(limits.sweep().toMillis(), ignored -> look(loop));
  }

  private HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions();
    if (tls != null) {
      tls.addTo(options);
    }
    return options
        .setAcceptBacklog(BACKLOG)
        .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(STREAMS))
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW);
  }

  private void look(EventLoop loop) {
    long now = System.nanoTime();
    loop.check(now);
    overdue.check(now);
    loop.connections().endOverdue(limits.head(), limits.idle());
  }
}
