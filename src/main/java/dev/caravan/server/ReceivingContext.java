package dev.caravan.server;

import dev.caravan.ingress.Ingress;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * The Camel context of the receiving route: none of Camel's settings, and no bean or component of a
 * user's, is in it. Whatever those say, a delivery is verified and put on disk.
 */
final class ReceivingContext {
  private ReceivingContext() {}

  /** With the receiving route, and not started yet: the port opens with it. */
  static CamelContext of(Ingress ingress) throws Exception {
    DefaultCamelContext context = new DefaultCamelContext();
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
}
