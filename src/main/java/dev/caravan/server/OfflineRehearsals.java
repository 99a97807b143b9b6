package dev.caravan.server;

import dev.caravan.config.Settings;
import dev.caravan.rehearsal.RehearsalContexts;
import dev.caravan.rehearsal.stage.Stage;
import dev.caravan.routes.context.RouteContexts;
import dev.caravan.server.camel.CamelRuntime;

/** What rehearsals need, without a server and without a delivery log. */
public final class OfflineRehearsals implements RehearsalContexts, AutoCloseable {
  private final CamelRuntime camel;

  private OfflineRehearsals(CamelRuntime camel) {
    this.camel = camel;
  }

  /**
   * Configures Camel.
   *
   * @throws CannotStartException with a sentence for the user, when a setting stands in the way
   */
  public static OfflineRehearsals open(Settings settings) {
    try {
      return new OfflineRehearsals(CamelRuntime.withoutStartingRoutes(settings));
    } catch (Exception | LinkageError e) {
      throw CannotStartException.because(e);
    }
  }

  @Override
  public RouteContexts on(Stage stage) {
    return camel.on(stage);
  }

  @Override
  public void close() {
    camel.close();
  }
}
