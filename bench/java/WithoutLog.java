import dev.caravan.config.SettingSources;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.ingress.port.IngressSettings;
import dev.caravan.log.DeliveryLog;
import dev.caravan.log.Receipt;
import dev.caravan.network.Callers;
import dev.caravan.network.OwnAddress;
import dev.caravan.secrets.Secret;
import dev.caravan.secrets.SecretsInForce;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;

/** Caravan's own receiving route over a log that keeps nothing: what the append costs is the difference. */
public final class WithoutLog {
  private WithoutLog() {}

  /** Listens on the port given until the process ends. */
  public static void main(String[] arguments) throws Exception {
    IngressSettings settings =
        IngressSettings.from(
            new SettingSources(Map.of())
                .read(null, Map.of("camel.server.host", "127.0.0.1", "camel.server.port", arguments[0])));
    SecretsInForce secrets = SecretsInForce.of(Secret.list(System.getenv("GITHUB_WEBHOOK_SECRET")));
    DefaultCamelContext context = new DefaultCamelContext();
    HookActivity hooks = new HookActivity(null, InstantSource.system());
    OwnAddress place = new OwnAddress(settings.host(), settings.port());
    new Ingress(settings, place, () -> secrets, Callers.ANYONE, keepingNothing(), hooks).bindTo(context.getRegistry());
    context.getPropertiesComponent().addInitialProperty("caravan.path", settings.path());
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource(Ingress.ROUTE));
    context.start();
  }

  /** A log that says at once that a delivery is kept. A proxy, since nothing else of a log is asked for here. */
  private static DeliveryLog keepingNothing() {
    CompletableFuture<Receipt> kept = CompletableFuture.completedFuture(new Receipt("", "0"));
    return (DeliveryLog)
        Proxy.newProxyInstance(
            WithoutLog.class.getClassLoader(),
            new Class<?>[] {DeliveryLog.class},
            (proxy, method, arguments) -> {
              return switch (method.getName()) {
                case "append" -> kept;
                case "sendersWait" -> null; // there are no routes to hold back
                default -> throw new UnsupportedOperationException(method.getName() + " of a log that keeps nothing");
              };
            });
  }
}
