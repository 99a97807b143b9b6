package dev.caravan.ingress;

import dev.caravan.delivery.Delivery;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.port.ApplicationRequests;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.ingress.port.IngressServer;
import dev.caravan.ingress.port.IngressSettings;
import dev.caravan.ingress.port.PortCheck;
import dev.caravan.ingress.request.OverdueAppends;
import dev.caravan.ingress.request.RefusalReason;
import dev.caravan.ingress.request.RequestSource;
import dev.caravan.ingress.route.AnswerFailure;
import dev.caravan.ingress.route.AppendToLog;
import dev.caravan.ingress.route.CheckScope;
import dev.caravan.ingress.route.HookEngine;
import dev.caravan.ingress.route.HookOnlyEngine;
import dev.caravan.ingress.route.LimitExpansion;
import dev.caravan.ingress.route.LimitPayload;
import dev.caravan.ingress.route.ReadDelivery;
import dev.caravan.ingress.route.ReportUnexpected;
import dev.caravan.ingress.route.VerifySignature;
import dev.caravan.ingress.route.WaitingSenders;
import dev.caravan.ingress.signature.SignatureDiagnosis;
import dev.caravan.ingress.signature.Signatures;
import dev.caravan.ingress.signature.UnverifiedRequest;
import dev.caravan.ingress.signature.UnverifiedRequests;
import dev.caravan.ingress.signature.UnverifiedRing;
import dev.caravan.ingress.signature.Verification;
import dev.caravan.log.DeliveryLog;
import dev.caravan.network.Callers;
import dev.caravan.network.ListeningPlace;
import dev.caravan.secrets.LabelledSecret;
import dev.caravan.secrets.SigningSecrets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side, put together: everything that the receiving route refers to by name.
 *
 * <p>The port opens when that route starts and closes when it stops.
 */
public final class Ingress {
  /** The receiving route, for a routes loader. Needs the property {@code caravan.path}. */
  public static final String ROUTE = "classpath:dev/caravan/ingress/ingress.camel.yaml";

  private final IngressSettings settings;
  private final ListeningPlace place;
  private final DeliveryLog log;
  private final Verification verification;
  private final UnverifiedRequests refusals;
  private final LimitExpansion limitExpansion =
      new LimitExpansion(Runtime.getRuntime().maxMemory());
  private final Reverify verifyAgain;
  private final IngressServer server;
  private final OverdueAppends overdue;
  private final HookActivity hooks;
  private RequestSource source;

  /**
   * Prepares the receiving side; nothing listens yet.
   *
   * @param place where connections come from
   * @param secrets asked for every delivery; when it has none, every delivery is refused
   * @param callers asked for every request
   * @param hooks told of every delivery that was accepted
   */
  public Ingress(
      IngressSettings settings,
      ListeningPlace place,
      SigningSecrets secrets,
      Callers callers,
      DeliveryLog log,
      HookActivity hooks) {
    this(settings, place, ConnectionTimeouts.USUAL, secrets, callers, log, hooks);
  }

  Ingress(
      IngressSettings settings,
      ListeningPlace place,
      ConnectionTimeouts limits,
      SigningSecrets secrets,
      Callers callers,
      DeliveryLog log,
      HookActivity hooks) {
    this.settings = settings;
    this.place = place;
    this.log = log;
    this.hooks = hooks;
    this.verification = new Verification(new Signatures(secrets, settings.sha1Allowed()));
    UnverifiedRing ring = new UnverifiedRing(settings.refusedMemory());
    this.refusals =
        new UnverifiedRequests(secrets, new SignatureDiagnosis(settings.sha1Allowed()), ring);
    this.verifyAgain = new Reverify(ring, verification, limitExpansion, log);
    this.overdue = new OverdueAppends(limits.gitHub());
    this.server =
        new IngressServer(
            settings, place, limits, callers, refusals, overdue, () -> log.trouble().isEmpty());
    this.source = server;
  }

  /** The path that the receiving route serves. */
  public String path() {
    return settings.path();
  }

  /** An engine for users' Camel contexts, which refuses to serve any path. */
  public static PlatformHttpEngine noOtherPath() {
    return new HookOnlyEngine();
  }

  /**
   * Leaves the port to the surrounding application: returns the processor for its own route. Call
   * it before {@link #bindTo}.
   */
  public Processor servedByApplication() {
    ApplicationRequests requests =
        new ApplicationRequests(settings, refusals, overdue, server.counts());
    source = requests;
    return requests;
  }

  /**
   * Binds every name that the receiving route uses, in a registry of its own, where nobody else can
   * take one. Call it before the route is loaded.
   */
  public void bindTo(Registry registry) {
    registry.bind("hookEngine", new HookEngine(source, new WaitingSenders(log::sendersWait)));
    registry.bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, noOtherPath());
    registry.bind("limitPayload", new LimitPayload(settings.maxPayload()));
    registry.bind("verifySignature", new VerifySignature(verification, refusals));
    registry.bind("readDelivery", new ReadDelivery());
    registry.bind("checkScope", new CheckScope(verification, refusals));
    registry.bind("limitExpansion", limitExpansion);
    registry.bind("appendToLog", new AppendToLog(log, hooks, overdue));
    registry.bind("answerFailure", new AnswerFailure());
    registry.bind("reportUnexpected", new ReportUnexpected());
  }

  /** Completes when each event loop has answered; one that does not is blocked. */
  public CompletableFuture<Void> heartbeat() {
    return server.heartbeat();
  }

  /** Checks of the port, before and after it is opened. */
  public PortCheck check() {
    return new PortCheck(settings, place, this::port);
  }

  /**
   * Prepares for another program to take over: from now on each answer is the last on its
   * connection.
   */
  public void leave() {
    server.leave();
  }

  /**
   * Answers the requests under way and accepts nothing more: new connections wait for the other
   * program.
   *
   * @param keptAtMost how long to continue first, for clients that keep a connection to use it once
   *     more
   */
  public void finishLeaving(Duration keptAtMost) {
    server.finishLeaving(keptAtMost);
  }

  /** The name of the place in a URL, once the receiving route is started. */
  public String placeName() {
    return place.name(port());
  }

  /** The port it listens on, once the receiving route is started. */
  public int port() {
    return server.port();
  }

  /** How many requests were answered 202, since the start. */
  public long accepted() {
    return server.counts().accepted();
  }

  /** How many answers came later than GitHub waits. */
  public long lateAnswers() {
    return server.counts().late();
  }

  /** How many connections are open; a connection's concurrent requests each count as one. */
  public int connections() {
    return server.connections().open();
  }

  /** How many connections were ended to make room for others, since the start. */
  public long connectionsEnded() {
    return server.connections().ended();
  }

  /** How many requests were refused since the start, for every reason there is. */
  public Map<RefusalReason, Long> refused() {
    return server.counts().refused();
  }

  /** The requests answered 403 that are kept, newest first. Cheap; called by any thread. */
  public List<UnverifiedRequest> refusedRequests() {
    return refusals.kept();
  }

  /** How many requests were answered 403 for their signature since the start. */
  public long refusedCount() {
    return refusals.count();
  }

  /**
   * The label of the secret in force that signed a delivery, or null when none of them did. Costs
   * an HMAC of its body for every secret.
   */
  public @Nullable String signerOf(Delivery delivery) {
    LabelledSecret signer = verification.signer(delivery);
    return signer == null ? null : signer.label();
  }

  /**
   * Appends a delivery that somebody made up to try a route; it is read like any other, but not
   * signed.
   *
   * @return its GUID, which tells it from GitHub's, once it is on disk
   * @throws IllegalArgumentException with a sentence for the user, when it cannot be a delivery
   */
  public CompletableFuture<String> appendTest(String event, byte[] payload) {
    Delivery test = TestDelivery.of(event, payload, limitExpansion);
    return log.append(test).thenApply(receipt -> test.guid());
  }

  /**
   * Verifies the kept refused requests with the current secrets, and appends those that pass as
   * deliveries. Waits for the log: never call it on an event loop.
   */
  public Reverified verifyRefusedAgain() {
    return verifyAgain.run();
  }
}
