package dev.caravan.github.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a hook's deliveries, newest first.
 *
 * @param next the cursor of the next page; null when there is none
 */
public record HookDeliveries(List<HookDelivery> deliveries, @Nullable String next) {}
