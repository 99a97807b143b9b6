/**
 * {@code direct:} and {@code seda:} between files, whose routes run in Camel contexts of their own.
 * Start with {@link dev.caravan.routes.across.AcrossFiles}.
 */
@NullMarked
package dev.caravan.routes.across;

import org.jspecify.annotations.NullMarked;
