package dev.caravan.management;

import dev.caravan.metrics.Metrics;
import java.util.function.Supplier;

/**
 * Whom the management port asks for what it answers.
 *
 * @param trouble why deliveries cannot be taken at the moment, or an empty text when they can; must
 *     not block
 * @param pages for people, at the paths the API leaves
 */
public record ManagementServices(
    Supplier<String> trouble,
    Metrics metrics,
    InfoApi info,
    LogApi log,
    SecretApi secrets,
    RouteApi routes,
    ManagementPages pages) {}
