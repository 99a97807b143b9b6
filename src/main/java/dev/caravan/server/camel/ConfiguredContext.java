package dev.caravan.server.camel;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.jspecify.annotations.Nullable;

/** A Camel context with Camel's part of the settings, as camel-main applies them. */
final class ConfiguredContext extends Main {
  private final String name;
  private final @Nullable CamelContext parent;
  private final @Nullable Supplier<DefaultCamelContext> maker;

  ConfiguredContext(String name, CamelSettings settings, @Nullable CamelContext parent) {
    this(name, settings, parent, null);
  }

  /**
   * @param parent the context whose beans can be used, too; null for the one that makes the beans
   *     of the settings
   * @param maker makes the context itself, for one with a parent; null for Camel's usual one
   */
  ConfiguredContext(
      String name,
      CamelSettings settings,
      @Nullable CamelContext parent,
      @Nullable Supplier<DefaultCamelContext> maker) {
    this.name = name;
    this.parent = parent;
    this.maker = maker;
    // Camel's usual one adds a shutdown hook, which would keep every context in memory for ever.
    setShutdownStrategy(new SimpleMainShutdownStrategy());
    setDefaultPropertyPlaceholderLocation("false"); // Settings has read everything already
    setOverrideProperties(parent == null ? settings.all() : settings.withoutBeans());
    configure()
        .withName(name)
        .withAutoConfigurationEnvironmentVariablesEnabled(false)
        .withAutoConfigurationSystemPropertiesEnabled(false)
        .withAutoConfigurationLogSummary(false)
        .withRoutesIncludePattern("false") // RouteFiles loads those of the user
        .withJavaRoutesIncludePattern("false")
        .withStartupRecorder("off");
  }

  /**
   * Configures the context.
   *
   * @param before adds what must be there before the settings are applied
   */
  void init(Consumer<CamelContext> before) throws Exception {
    addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport main) {
            before.accept(main.getCamelContext());
          }
        });
    init();
    CamelContext context = getCamelContext();
    // For a user's own {{key}}, as for ours, the command line comes before the environment.
    ((PropertiesComponent) context.getPropertiesComponent())
        .setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
  }

  /** Beans that Camel finds in a package are made once for all contexts, as the settings' are. */
  @Override
  protected void loadCustomBeans(CamelContext context) throws Exception {
    if (parent == null) {
      super.loadCustomBeans(context);
    }
  }

  @Override
  protected CamelContext createCamelContext() {
    CamelContext context = maker == null ? super.createCamelContext() : maker.get();
    // The loader that has lib/, already for what is looked for while the context is built.
    context.setApplicationContextClassLoader(Thread.currentThread().getContextClassLoader());
    context.getPropertiesComponent().addPropertiesFunction(new FileFunction());
    context.getPropertiesComponent().addPropertiesFunction(new KeyFunction(context));
    context.getCamelContextExtension().setName(name); // names the threads from the beginning
    if (parent != null) {
      context.getCamelContextExtension().setRegistry(new RegistryOver(parent.getRegistry()));
    }
    return context;
  }
}
