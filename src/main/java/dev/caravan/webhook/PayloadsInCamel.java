package dev.caravan.webhook;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.ContextServicePlugin;

/**
 * Makes Camel at home with payloads, whatever step of a route meets one. Camel finds this class by
 * itself, before it reads the first route.
 */
public final class PayloadsInCamel implements ContextServicePlugin {
  @Override
  public void load(CamelContext context) {
    readNothingWherePayloadsHaveNothing(context);
    JsonBodyConverter.addTo(context.getTypeConverterRegistry());
  }

  /** A null or a missing member is no failure of an expression. */
  private static void readNothingWherePayloadsHaveNothing(CamelContext context) {
    NullSafeBeanLanguage bean = new NullSafeBeanLanguage();
    bean.setCamelContext(context);
    context.getRegistry().bind("bean-language", bean);
    NullSafeJsonPathLanguage jsonPath = new NullSafeJsonPathLanguage();
    jsonPath.setCamelContext(context);
    context.getRegistry().bind("jsonpath-language", jsonPath);
  }
}
