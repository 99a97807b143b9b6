package dev.caravan.server.camel;

import dev.caravan.config.InvalidSettingException;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.support.PluginHelper;

/**
 * The package of {@code camel.main.basePackageScan}: what Camel finds there is used, except for
 * routes.
 */
final class ScannedPackage {
  private ScannedPackage() {}

  /**
   * Refuses a package with routes, which would not run.
   *
   * @throws InvalidSettingException when there are any
   */
  static void check(CamelContext context) {
    String name = context.getCamelContextExtension().getBasePackageScan();
    if (name == null) {
      return;
    }
    String routes =
        PluginHelper.getPackageScanClassResolver(context)
            .findImplementations(RoutesBuilder.class, name)
            .stream()
            .map(Class::getName)
            .sorted()
            .collect(Collectors.joining(", "));
    if (!routes.isEmpty()) {
      throw new InvalidSettingException(
          "camel.main.basePackageScan is %s, where routes are (%s), which would not run: caravan.routes is the directory of routes. Name a package of converters, beans and configurations alone."
              .formatted(name, routes));
    }
  }
}
