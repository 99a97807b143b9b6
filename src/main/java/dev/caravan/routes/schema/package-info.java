/**
 * What editors and Camel's visual tools are told about route files. Start with {@link
 * dev.caravan.routes.schema.RouteSchema}.
 */
@NullMarked
package dev.caravan.routes.schema;

import org.jspecify.annotations.NullMarked;
