package dev.caravan.rehearsal.stage;

import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.IdempotentConsumerDefinition;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.processor.aggregate.MemoryAggregationRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;

/**
 * Changes the steps of a route that would reveal too little, or touch what belongs to the server.
 *
 * <p>An address that depends on the message is made: some components would rather have one for all
 * messages and say the rest in headers of theirs, which tells nobody where a message goes. What an
 * idempotent consumer or an aggregation remembers is kept for the rehearsal alone: in the server's
 * repository a delivery that was only rehearsed would count as done.
 */
final class StagedModel extends ModelLifecycleStrategySupport {
  @Override
  public void onAddRouteDefinition(RouteDefinition route) {
    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDynamicDefinition.class)
        .forEach(step -> step.setAllowOptimisedComponents("false"));
    ProcessorDefinitionHelper.filterTypeInOutputs(
            route.getOutputs(), IdempotentConsumerDefinition.class)
        .forEach(
            step -> {
              step.setIdempotentRepository((String) null);
              step.idempotentRepository(MemoryIdempotentRepository.memoryIdempotentRepository());
            });
    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), AggregateDefinition.class)
        .forEach(
            step -> {
              step.setAggregationRepository((String) null);
              step.aggregationRepository(new MemoryAggregationRepository());
            });
  }
}
