package dev.caravan.server.camel;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesFunction;

/**
 * Makes {@code {{properties:my.key}}} mean {@code {{my.key}}}, as {@code ${properties:my.key}} does
 * in an expression. Camel would take it for a key {@code properties} with the default {@code
 * my.key}.
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
