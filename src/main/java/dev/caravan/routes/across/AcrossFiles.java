package dev.caravan.routes.across;

import org.apache.camel.CamelContext;
import org.apache.camel.model.OnCompletionDefinition;

/**
 * What a route can call by name in another file, although each file has a Camel context of its own:
 * the routes from {@code direct:} and {@code seda:}.
 */
public final class AcrossFiles {
  private final DirectAcrossFiles.Consumers consumers = new DirectAcrossFiles.Consumers();
  private final SedaAcrossFiles.Queues queues = new SedaAcrossFiles.Queues();

  /** Connects a context with the others. Call it before anything in the context uses them. */
  public void connect(CamelContext context) {
    context.addComponent("direct", new DirectAcrossFiles(consumers));
    context.addComponent("seda", new SedaAcrossFiles(queues));
    // What a called route leaves for the end is begun there by the exchange that it was called
    // with.
    context
        .getCamelContextExtension()
        .addInterceptStrategy(
            (own, step, target, next) ->
                step.getParent() instanceof OnCompletionDefinition
                    ? new InOwnContext(target, own)
                    : target);
  }
}
