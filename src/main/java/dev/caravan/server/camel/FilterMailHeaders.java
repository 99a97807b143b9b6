package dev.caravan.server.camel;

import java.util.Set;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.support.DefaultHeaderFilterStrategy;

/**
 * Keeps the headers of received mail from steering a route. In Camel 4.18.0 the sender of a mail
 * can set {@code CamelFileName}, or {@code mail.smtp.host} for the next mail that the route sends.
 */
final class FilterMailHeaders implements ComponentCustomizer {
  private static final Set<String> SCHEMES =
      Set.of("imap", "imaps", "pop3", "pop3s", "smtp", "smtps");

  @Override
  public boolean isEnabled(String name, Component component) {
    return SCHEMES.contains(name) && component instanceof HeaderFilterStrategyAware;
  }

  @Override
  public void configure(String name, Component component) {
    DefaultHeaderFilterStrategy strategy = new DefaultHeaderFilterStrategy();
    strategy.setLowerCase(true);
    strategy.setOutFilterStartsWith(DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH);
    strategy.setInFilterStartsWith("camel", "org.apache.camel.", "mail.smtp");
    ((HeaderFilterStrategyAware) component).setHeaderFilterStrategy(strategy);
  }
}
