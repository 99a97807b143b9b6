package dev.caravan.rehearsal;

import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;

/**
 * Has a step with an address that depends on the message make that address: some components would
 * rather have one for all messages and say the rest in headers of theirs, which tells nobody where
 * a message goes.
 */
final class PlainAddresses extends ModelLifecycleStrategySupport {
  @Override
  public void onAddRouteDefinition(RouteDefinition route) {
    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDynamicDefinition.class)
        .forEach(step -> step.setAllowOptimisedComponents("false"));
  }
}
