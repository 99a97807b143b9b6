package dev.caravan.rehearsal;

import dev.caravan.rehearsal.stage.Stage;
import dev.caravan.routes.context.RouteContexts;

/** Makes the Camel contexts of a rehearsal, with the settings that other routes have. */
@FunctionalInterface
public interface RehearsalContexts {
  /** Contexts that are on that stage. */
  RouteContexts on(Stage stage);
}
