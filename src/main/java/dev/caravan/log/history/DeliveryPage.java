package dev.caravan.log.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the deliveries that were asked for.
 *
 * @param deliveries newest first; may be few, even none, while there are more: it is then up to the
 *     caller to continue
 * @param next what to give to {@link DeliveryQuery#before(String)} to continue; null when that was
 *     all
 * @param end what to give to {@link DeliveryQuery#after(String)} later, to see only what arrived
 *     since
 */
public record DeliveryPage(List<DeliverySummary> deliveries, @Nullable String next, String end) {}
