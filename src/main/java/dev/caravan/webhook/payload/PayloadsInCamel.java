package dev.caravan.webhook.payload;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.ContextServicePlugin;

/**
 * Teaches Camel to handle payloads in every step of a route. Camel finds this class by itself,
 * before it reads the first route; nothing changes for bodies that are not payloads.
 */
public final class PayloadsInCamel implements ContextServicePlugin {
  private static final String BEAN_LANGUAGE = "bean-language";

  /** One of the classes that come with {@code camel-jsonpath}, which need not be there. */
  private static final String JSON_PATH = "org/apache/camel/jsonpath/JsonPathLanguage.class";

  @Override
  public void load(CamelContext context) {
    readNothingWhereThereIsNothing(context, false);
    JsonBodyConverter.addTo(context.getTypeConverterRegistry());
  }

  /** A context that is stopped and started again has forgotten it, and Camel does not load it. */
  public static void loadAgain(CamelContext context) {
    if (context.getRegistry().lookupByName(BEAN_LANGUAGE) == null) {
      new PayloadsInCamel().load(context);
    }
  }

  /** The same for every map and list: what a route has made of a payload, or got from elsewhere. */
  public static void inEveryBody(CamelContext context) {
    readNothingWhereThereIsNothing(context, true);
  }

  /** A null or a missing member does not make an expression fail. */
  private static void readNothingWhereThereIsNothing(CamelContext context, boolean everywhere) {
    NullSafeBeanLanguage bean = new NullSafeBeanLanguage(everywhere);
    bean.setCamelContext(context);
    context.getRegistry().bind(BEAN_LANGUAGE, bean);
    if (PayloadsInCamel.class.getClassLoader().getResource(JSON_PATH) != null) {
      JsonPath.bind(context, everywhere);
    }
  }

  /** Apart, so that the class is only looked for where it is. */
  private static final class JsonPath {
    static void bind(CamelContext context, boolean everywhere) {
      NullSafeJsonPathLanguage jsonPath = new NullSafeJsonPathLanguage(everywhere);
      jsonPath.setCamelContext(context);
      context.getRegistry().bind("jsonpath-language", jsonPath);
    }
  }
}
