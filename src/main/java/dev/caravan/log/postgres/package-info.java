/**
 * The delivery log in a PostgreSQL database, for several nodes at once: the same model as the
 * embedded engine's, with deliveries distributed to nodes in shards. Here its parts are put
 * together; they are in the packages below, from {@code database} and {@code shards} up. Start
 * reading with {@link dev.caravan.log.postgres.PostgresDeliveryLog}.
 */
@NullMarked
package dev.caravan.log.postgres;

import org.jspecify.annotations.NullMarked;
