package dev.caravan.log.dispatch;

import java.util.Map;

/**
 * What a subscription has run to its end in a stretch of the log.
 *
 * @param from the position that it begins with
 * @param newest of each lane in which anything was run
 */
public record NewestOfStretch(long from, Map<String, Run> newest) {}
