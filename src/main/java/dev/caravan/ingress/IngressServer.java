package dev.caravan.ingress;

import dev.caravan.config.OutOfMemory;
import dev.caravan.network.Callers;
import dev.caravan.network.ConnectionClock;
import dev.caravan.network.Connections;
import dev.caravan.network.ListeningPlace;
import dev.caravan.network.StrictHttp;
import dev.caravan.network.Tls;
import dev.caravan.network.TlsFiles;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public port: HTTP/1.1, with TLS and HTTP/2 when there is a certificate, one HTTP server for
 * each event loop, all on one port.
 *
 * <p>Has a Vert.x of its own: within one Vert.x two servers on the same port would share it without
 * a word instead of failing, and another's work on these loops would slow the answers to GitHub.
 */
final class IngressServer implements RequestSource {
  private static final Logger LOG = LoggerFactory.getLogger(IngressServer.class);
  // What strangers can make us hold, in a heap of 256 MiB of which some 50 are the program's own:
  // 1024 connections, each with
  // a head of at most 12 KiB of text and 100 fields of 150 bytes and ten KiB of Vert.x's objects,
  // are 40 MiB, and with
  // TLS 40 MiB more; bodies are 64 MiB, or 82 while one of the largest is alone (its 25 MiB and a
  // copy, beside the small
  // half's 32). Requests beside others on their connection count like connections, so streams do
  // not multiply that.
  private static final int BACKLOG = 4096;
  private static final int STREAMS = 100;

  // Sixteen paused streams of one connection before its others wait, and at most this much of a
  // client's data in our memory unasked.
  private static final int CONNECTION_WINDOW = 1024 * 1024;
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  /** Who comes after us waits for it. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  private final CheckCaller caller;
  private final IngressSettings settings;
  private final ListeningPlace place;
  private final ConnectionTimeouts limits;
  private final OpenRequests inFlight = new OpenRequests();
  private final AnswerCounts counts = new AnswerCounts();
  private final UnverifiedRequests refusals;
  private final OverdueAppends overdue;
  private final BooleanSupplier isUp;
  private final BodyBudgets budgets;
  private final Connections connections;
  private final List<EventLoop> loops = new CopyOnWriteArrayList<>();
  private @Nullable Vertx vertx;
  private @Nullable Tls tls;
  private volatile int port;

  IngressServer(
      IngressSettings settings,
      ListeningPlace place,
      ConnectionTimeouts limits,
      Callers callers,
      UnverifiedRequests refusals,
      OverdueAppends overdue,
      BooleanSupplier isUp) {
    this.place = place;
    this.isUp = isUp;
    this.refusals = refusals;
    this.overdue = overdue;
    this.caller = new CheckCaller(callers);
    this.settings = settings;
    this.limits = limits;
    this.budgets = BodyBudgets.of(settings.bodyMemory());
    this.connections =
        new Connections(
            settings.connections(),
            settings.connectionsPerAddress(),
            callers,
            address -> {
              counts.count(Answer.NOT_ALLOWED);
              caller.wasClosed(address);
            });
  }

  /**
   * Listens, and hands requests to the intake from then on.
   *
   * @throws CannotListenException when it cannot listen on the address
   */
  @Override
  public synchronized void start(RequestSink intake) {
    if (vertx != null) {
      throw new IllegalStateException("The ingress is listening on port " + port + " already");
    }
    TlsFiles files = settings.tls();
    Tls secure = files == null ? null : new Tls(files);
    int loops = Math.max(2, Runtime.getRuntime().availableProcessors());
    Vertx started;
    try {
      started = place.vertx(connections, options(loops));
    } catch (IOException e) {
      close(secure);
      throw CannotListenException.of(settings, e);
    }
    try {
      await(
          started.deployVerticle(
              () -> new Listener(intake, secure), new DeploymentOptions().setInstances(loops)));
    } catch (CompletionException e) {
      await(started.close());
      place.close();
      close(secure);
      throw CannotListenException.of(settings, e.getCause() == null ? e : e.getCause());
    }
    vertx = started;
    tls = secure;
    inFlight.reopen();
  }

  /** The port that is listened on; meaningful once started. */
  @Override
  public int port() {
    return port;
  }

  /** What requests were answered, since the program started. */
  AnswerCounts counts() {
    return counts;
  }

  /** The connections that are open. */
  Connections connections() {
    return connections;
  }

  /** Completes when each event loop has answered. */
  CompletableFuture<Void> heartbeat() {
    return CompletableFuture.allOf(
        loops.stream()
            .map(loop -> CompletableFuture.runAsync(() -> {}, loop))
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Sends new requests away, and waits until those that are here have been answered. */
  @Override
  public void drain() {
    inFlight.drain(settings.bodyTimeout().plus(LAST_ANSWERS));
  }

  /** From now on each answer is the last on its connection: its client comes back by another. */
  void leave() {
    inFlight.leave();
  }

  /**
   * Accepts no further connection, and waits until those that are here have got what they are owed:
   * an answer, or a moment to send their first request, or over HTTP/2 a last one.
   *
   * @param keptAtMost how long to go on before, so that clients that keep a connection use it once
   *     more and learn that it ends
   */
  void finishLeaving(Duration keptAtMost) {
    awaitNone(ConnectionClock.Standing.KEPT, keptAtMost);
    loops.forEach(loop -> loop.execute(() -> ConnectionClock.sendAway(loop.context())));
    connections.stopAccepting();
    awaitNone(ConnectionClock.Standing.OWED, LAST_REQUESTS);
  }

  private void awaitNone(ConnectionClock.Standing standing, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (count(standing) > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private int count(ConnectionClock.Standing standing) {
    return loops.stream()
        .map(
            loop ->
                CompletableFuture.supplyAsync(
                    () -> ConnectionClock.count(loop.context(), standing, LAST_REQUESTS), loop))
        .toList()
        .stream()
        .mapToInt(CompletableFuture::join)
        .sum();
  }

  /** Takes requests again after {@link #drain}. */
  @Override
  public void resume() {
    inFlight.reopen();
  }

  /** Answers what is here, then closes the port and every connection. */
  @Override
  public synchronized void close() {
    Vertx running = vertx;
    if (running != null) {
      close(tls);
      drain();
      connections.stopAccepting(); // or Netty warns of each that comes while the loops end
      await(running.close());
      place.close();
      loops.clear();
      vertx = null;
    }
  }

  private HttpServerOptions serverOptions(@Nullable Tls tls) {
    HttpServerOptions options = new HttpServerOptions();
    if (tls != null) {
      tls.addTo(options);
    }
    return options
        .setAcceptBacklog(BACKLOG)
        .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(STREAMS))
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW);
  }

  private static VertxOptions options(int loops) {
    return StrictHttp.withoutFiles()
        .setEventLoopPoolSize(loops)
        .setWorkerPoolSize(loops)
        .setInternalBlockingPoolSize(2);
  }

  private static void close(@Nullable Tls tls) {
    if (tls != null) {
      tls.close();
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  /** One event loop's server. */
  private final class Listener extends AbstractVerticle {
    private final RequestSink intake;
    private final @Nullable Tls tls;

    Listener(RequestSink intake, @Nullable Tls tls) {
      this.intake = intake;
      this.tls = tls;
    }

    @Override
    public void start(Promise<Void> started) {
      EventLoop loop = new EventLoop(context);
      loops.add(loop);
      context.exceptionHandler(
          failure -> {
            OutOfMemory.endsProgram(failure);
            LOG.error("A connection failed unexpectedly", failure);
          });
      HttpServer server =
          StrictHttp.createServer(vertx, serverOptions(tls))
              .requestHandler(
                  new HookRequests(
                      caller, settings, limits, budgets, inFlight, counts, refusals, overdue,
                      intake, isUp, loop))
              .exceptionHandler(
                  failure -> {
                    OutOfMemory.endsProgram(failure);
                    LOG.debug("A connection failed", failure);
                  });
      place
          .listen(server)
          .onSuccess(listening -> port = listening.actualPort())
          .<Void>mapEmpty()
          .onComplete(started);
      vertx.setPeriodic(limits.sweep().toMillis(), ignored -> look(loop));
    }

    private void look(EventLoop loop) {
      long now = System.nanoTime();
      loop.check(now);
      overdue.check(now);
      ConnectionClock.endOverdue(context, limits.head(), limits.idle());
    }
  }
}
