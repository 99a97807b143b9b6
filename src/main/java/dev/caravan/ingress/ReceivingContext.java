package dev.caravan.ingress;

import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ContextServiceLoaderPluginResolver;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * The Camel context of the receiving route. It has none of Camel's settings, and no bean or
 * component of a user's: whatever those do, a delivery is verified and put on disk.
 */
public final class ReceivingContext {
  private ReceivingContext() {}

  /** The context with the receiving route, not started yet; the port opens when it starts. */
  public static CamelContext of(Ingress ingress) throws Exception {
    DefaultCamelContext context = new Isolated();
    context.getCamelContextExtension().setName("caravan-receive");
    context.disableJMX();
    context.setStreamCaching(false); // bodies are plain bytes
    PropertiesComponent properties = (PropertiesComponent) context.getPropertiesComponent();
    properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
    properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
    properties.addInitialProperty("caravan.path", ingress.path());
    ingress.bindTo(context.getRegistry());
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.resolveMandatoryResource(context, Ingress.ROUTE));
    return context;
  }

  /** Does not use the plugins that Camel would find on the class path, as in a jar in lib/. */
  private static final class Isolated extends DefaultCamelContext {
    @Override
    protected ContextServiceLoaderPluginResolver createContextServiceLoaderPlugin() {
      return new NoPlugins();
    }
  }

  /** Finds none. */
  private static final class NoPlugins extends ServiceSupport
      implements ContextServiceLoaderPluginResolver {
    private @Nullable CamelContext context;

    @Override
    public @Nullable CamelContext getCamelContext() {
      return context;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
      context = camelContext;
    }
  }
}
