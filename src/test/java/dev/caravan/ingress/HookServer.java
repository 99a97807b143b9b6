package dev.caravan.ingress;

import dev.caravan.config.Settings;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.ingress.port.IngressSettings;
import dev.caravan.log.MemoryDeliveryLog;
import dev.caravan.network.Callers;
import dev.caravan.network.ListeningPlace;
import dev.caravan.network.OwnAddress;
import dev.caravan.secrets.Secret;
import dev.caravan.secrets.SecretsInForce;
import dev.caravan.secrets.SigningSecrets;
import dev.caravan.takeover.HeldSocket;
import dev.caravan.takeover.NativeSockets;
import dev.caravan.takeover.PublicAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/**
 * The receiving route on a free port, as the program runs it, over a log that remembers; by Linux'
 * own sockets where they are.
 */
final class HookServer implements AutoCloseable {
  static final String SECRET = "It's a Secret to Everybody";

  final MemoryDeliveryLog log;
  final DefaultCamelContext context = new DefaultCamelContext();
  final HookActivity hooks = new HookActivity(null, InstantSource.system());
  final Ingress ingress;
  private final Map<String, String> own;
  private final ConnectionTimeouts limits;
  private HookServer http2;

  HookServer() {
    this(Map.of(), ConnectionTimeouts.USUAL);
  }

  HookServer(Map<String, String> own, ConnectionTimeouts limits) {
    this(own, limits, always("an older one, " + SECRET));
  }

  HookServer(Map<String, String> own, ConnectionTimeouts limits, SigningSecrets secrets) {
    this(own, limits, secrets, Callers.ANYONE);
  }

  HookServer(
      Map<String, String> own, ConnectionTimeouts limits, SigningSecrets secrets, Callers callers) {
    this(own, limits, secrets, callers, new MemoryDeliveryLog(), null);
  }

  /** One that listens there. */
  HookServer(Map<String, String> own, Callers callers, ListeningPlace place) {
    this(own, ConnectionTimeouts.USUAL, always(SECRET), callers, new MemoryDeliveryLog(), place);
  }

  private HookServer(
      Map<String, String> own,
      ConnectionTimeouts limits,
      SigningSecrets secrets,
      Callers callers,
      MemoryDeliveryLog log,
      @Nullable ListeningPlace place) {
    this.own = own;
    this.limits = limits;
    this.log = log;
    IngressSettings settings = settings(own);
    ingress =
        new Ingress(
            settings,
            place == null ? place(settings) : place,
            limits,
            secrets,
            callers,
            log,
            hooks);
    try {
      ingress.bindTo(context.getRegistry());
      context.getPropertiesComponent().addInitialProperty("caravan.path", "/hooks/handle_github");
      load(PluginHelper.getResourceLoader(context).resolveResource(Ingress.ROUTE));
      context.start();
    } catch (Exception e) {
      close();
      throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }
  }

  private static ListeningPlace place(IngressSettings settings) {
    return NativeSockets.areHere(Path.of(System.getProperty("java.io.tmpdir")))
        ? HeldSocket.at(new PublicAddress(settings.host(), settings.port(), null, Set.of()))
        : new OwnAddress(settings.host(), settings.port());
  }

  static SigningSecrets always(String secrets) {
    SecretsInForce same = SecretsInForce.of(Secret.list(secrets));
    return () -> same;
  }

  static IngressSettings settings(Map<String, String> own) {
    Map<String, String> values = new HashMap<>();
    values.put("camel.server.host", "127.0.0.1");
    values.put("camel.server.port", "0");
    values.put("caravan.path", "/hooks/handle_github");
    values.put("caravan.signature.sha1", "allow");
    values.put("caravan.max-payload", "25MiB");
    values.put("caravan.body-timeout", "10s");
    values.put("caravan.body-memory", "64MiB");
    values.put("caravan.refused-memory", "4MiB");
    values.put("caravan.connections", "1024");
    values.put("caravan.connections-per-address", "256");
    values.putAll(own);
    return IngressSettings.from(new Settings(values));
  }

  void load(Resource resource) throws Exception {
    PluginHelper.getRoutesLoader(context).loadRoutes(resource);
  }

  int port() {
    return ingress.port();
  }

  /** Every port that is listened on. */
  synchronized Set<Integer> ports() {
    return http2 == null ? Set.of(port()) : Set.of(port(), http2.port());
  }

  /** The same once more, over the same log, with TLS: HTTP/2 needs that. */
  synchronized HookServer http2() {
    if (http2 == null) {
      Map<String, String> secure = new HashMap<>(own);
      secure.putAll(HttpsClients.settings());
      http2 = new HookServer(secure, limits, always(SECRET), Callers.ANYONE, log, null);
    }
    return http2;
  }

  @Override
  public void close() {
    if (http2 != null) {
      http2.close();
    }
    context.stop();
    log.close();
  }
}
