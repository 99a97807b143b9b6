package dev.caravan.log.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the deliveries that match a query.
 *
 * @param deliveries newest first; may be few, or none, although there are more: the caller then
 *     decides whether to continue
 * @param next what to give to {@link DeliveryQuery#before(String)} to continue; null at the end
 * @param end what to give to {@link DeliveryQuery#after(String)} later, to see only what arrived
 *     since
 */
public record DeliveryPage(List<DeliverySummary> deliveries, @Nullable String next, String end) {}
