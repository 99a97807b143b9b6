package dev.caravan.routes.context;

import org.apache.camel.CamelContext;

/**
 * Makes the Camel contexts in which route files run: one for each version of each file.
 *
 * <p>So whatever a file does to its context (an error handler, interceptors, beans, converters,
 * settings of components) affects no other file, and ends with the file.
 */
@FunctionalInterface
public interface RouteContexts {
  /**
   * A started context without routes.
   *
   * @param file its name, to tell contexts apart
   * @throws Exception when Camel cannot be configured with the settings
   */
  CamelContext open(String file) throws Exception;
}
