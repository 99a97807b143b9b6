package dev.caravan.management;

import dev.caravan.log.LogBackup;
import dev.caravan.metrics.Metrics;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the program that the management port gets its answers from.
 *
 * @param trouble why deliveries cannot be accepted at the moment, or an empty text when they can;
 *     must not block
 * @param successor calls the program that waits to replace this one, listening on the given
 *     address; fails with a sentence when it cannot
 * @param backup copies the log; null where it cannot be copied from here
 * @param pages for people, at the paths the API leaves
 */
public record ManagementServices(
    Supplier<String> trouble,
    Metrics metrics,
    InfoApi info,
    LogApi log,
    @Nullable LogBackup backup,
    SecretApi secrets,
    RouteApi routes,
    Consumer<String> successor,
    ManagementPages pages) {}
