package dev.caravan.webhook.payload;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.ContextServicePlugin;

/**
 * Teaches Camel to handle payloads in every step of a route. Camel finds this class by itself,
 * before it reads the first route; nothing changes for bodies that are not payloads.
 */
public final class PayloadsInCamel implements ContextServicePlugin {
  private static final String BEAN_LANGUAGE = "bean-language";

  /** A class of {@code camel-jsonpath}, which is optional. */
  private static final String JSON_PATH = "org/apache/camel/jsonpath/JsonPathLanguage.class";

  @Override
  public void load(CamelContext context) {
    readNothingWhereThereIsNothing(context, false);
    JsonBodyConverter.addTo(context.getTypeConverterRegistry());
  }

  /** Loads it again in a context that was stopped and started again, which Camel does not do. */
  public static void loadAgain(CamelContext context) {
    if (context.getRegistry().lookupByName(BEAN_LANGUAGE) == null) {
      new PayloadsInCamel().load(context);
    }
  }

  /** The same for every map and list, whether made from a payload or from elsewhere. */
  public static void inEveryBody(CamelContext context) {
    readNothingWhereThereIsNothing(context, true);
  }

  /** Lets expressions read a null or missing member without failing. */
  private static void readNothingWhereThereIsNothing(CamelContext context, boolean everywhere) {
    NullSafeBeanLanguage bean = new NullSafeBeanLanguage(everywhere);
    bean.setCamelContext(context);
    context.getRegistry().bind(BEAN_LANGUAGE, bean);
    if (PayloadsInCamel.class.getClassLoader().getResource(JSON_PATH) != null) {
      JsonPath.bind(context, everywhere);
    }
  }

  /** In a class of its own: it is loaded only if {@code camel-jsonpath} is there. */
  private static final class JsonPath {
    static void bind(CamelContext context, boolean everywhere) {
      NullSafeJsonPathLanguage jsonPath = new NullSafeJsonPathLanguage(everywhere);
      jsonPath.setCamelContext(context);
      context.getRegistry().bind("jsonpath-language", jsonPath);
    }
  }
}
