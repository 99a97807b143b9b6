/**
 * Checks JSON in bytes, without making anything of it, from the first byte to the last: {@link
 * dev.caravan.delivery.json.JsonText}. It knows nothing of what the text is about.
 */
@NullMarked
package dev.caravan.delivery.json;

import org.jspecify.annotations.NullMarked;
