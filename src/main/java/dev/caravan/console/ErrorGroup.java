package dev.caravan.console;

import dev.caravan.log.DeliverySummary;
import java.util.List;

/** Dead letters of one subscription that were given up with the same error. */
public record ErrorGroup(String error, List<DeliverySummary> deliveries) {}
