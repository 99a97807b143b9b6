package dev.caravan.ingress.port;

import dev.caravan.ingress.memory.BodyBudgets;
import dev.caravan.ingress.request.Answer;
import dev.caravan.ingress.request.AnswerCounts;
import dev.caravan.ingress.request.OverdueAppends;
import dev.caravan.ingress.request.RequestSink;
import dev.caravan.ingress.request.RequestSource;
import dev.caravan.ingress.signature.UnverifiedRequests;
import dev.caravan.network.Callers;
import dev.caravan.network.Connections;
import dev.caravan.network.ListeningPlace;
import dev.caravan.network.StrictHttp;
import dev.caravan.network.tls.Tls;
import dev.caravan.network.tls.TlsFiles;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The public port: HTTP/1.1, with TLS and HTTP/2 when there is a certificate, one HTTP server for
 * each event loop, all on one port.
 *
 * <p>Has its own Vert.x: within one Vert.x, two servers on the same port would silently share it
 * instead of failing, and other work on these loops would delay the answers to GitHub.
 */
public final class IngressServer implements RequestSource {
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  private final CheckCaller caller;
  private final IngressSettings settings;
  private final ListeningPlace place;
  private final ConnectionTimeouts limits;
  private final OpenRequests inFlight = new OpenRequests();
  private final AnswerCounts counts;
  private final UnverifiedRequests refusals;
  private final OverdueAppends overdue;
  private final BooleanSupplier isUp;
  private final BodyBudgets budgets;
  private final Connections connections;
  private final List<EventLoop> loops = new CopyOnWriteArrayList<>();
  private @Nullable Vertx vertx;
  private @Nullable Tls tls;
  private volatile int port;

  public IngressServer(
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
    this.counts = new AnswerCounts(limits.gitHub());
    this.budgets = BodyBudgets.of(settings.bodyMemory());
    this.connections =
        new Connections(
            FileLimit.ofThisProcess().connections(settings.connections()),
            settings.connectionsPerAddress(),
            callers,
            address -> {
              counts.count(Answer.NOT_ALLOWED, System.nanoTime());
              caller.wasClosed(address);
            });
  }

  /**
   * Listens, and hands requests to the intake from now on.
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
              () -> loopServer(intake, secure), new DeploymentOptions().setInstances(loops)));
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

  private LoopServer loopServer(RequestSink intake, @Nullable Tls tls) {
    return new LoopServer(
        place,
        tls,
        limits,
        overdue,
        loop ->
            new HookRequests(
                caller, settings, limits, budgets, inFlight, counts, refusals, overdue, intake,
                isUp, loop),
        loops::add,
        listening -> port = listening);
  }

  /** The port it listens on; meaningful once started. */
  @Override
  public int port() {
    return port;
  }

  /** How requests were answered since the program started. */
  public AnswerCounts counts() {
    return counts;
  }

  /** The connections that are open. */
  public Connections connections() {
    return connections;
  }

  /** Completes when each event loop has answered. */
  public CompletableFuture<Void> heartbeat() {
    return CompletableFuture.allOf(
        loops.stream()
            .map(loop -> CompletableFuture.runAsync(() -> {}, loop))
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Sends new requests away, and waits until those under way are answered. */
  @Override
  public void drain() {
    inFlight.drain(settings.bodyTimeout().plus(LAST_ANSWERS));
  }

  /** Makes each answer the last on its connection from now on: clients return on a new one. */
  public void leave() {
    inFlight.leave();
  }

  /**
   * Accepts no more connections, and waits until open ones have got the answers they are owed.
   *
   * @param keptAtMost how long to continue first, for clients that keep a connection to use it once
   *     more and learn that it ends
   */
  public void finishLeaving(Duration keptAtMost) {
    LastRequests last = new LastRequests(loops);
    last.awaitOnKeptConnections(keptAtMost);
    connections.stopAccepting();
    last.awaitAnswers();
  }

  /** Takes requests again after {@link #drain}. */
  @Override
  public void resume() {
    inFlight.reopen();
  }

  /** Answers the requests under way, then closes the port and every connection. */
  @Override
  public synchronized void close() {
    Vertx running = vertx;
    if (running != null) {
      close(tls);
      drain();
      connections.stopAccepting(); // else Netty warns of each that comes while the loops end
      await(running.close());
      place.close();
      loops.clear();
      vertx = null;
    }
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
}
