/**
 * The Camel contexts that users' routes run in, as the settings want them. Start with {@link
 * dev.caravan.server.camel.CamelRuntime}.
 */
@NullMarked
package dev.caravan.server.camel;

import org.jspecify.annotations.NullMarked;
