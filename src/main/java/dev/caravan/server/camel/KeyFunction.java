package dev.caravan.server.camel;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesFunction;

/**
 * {@code {{properties:my.key}}} is {@code {{my.key}}}, as {@code ${properties:my.key}} is in an
 * expression. To Camel it would be a key {@code properties} whose default is {@code my.key}.
 */
final class KeyFunction implements PropertiesFunction {
  private final CamelContext context;

  KeyFunction(CamelContext context) {
    this.context = context;
  }

  @Override
  public String getName() {
    return "properties";
  }

  @Override
  public String apply(String key) {
    return context.resolvePropertyPlaceholders("{{" + key + "}}");
  }
}
