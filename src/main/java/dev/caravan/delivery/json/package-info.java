/**
 * JSON in bytes, checked without making anything of it: {@link dev.caravan.delivery.json.JsonText}
 * passes over a text from its first byte to its last. It knows nothing of what the text is about.
 */
@NullMarked
package dev.caravan.delivery.json;

import org.jspecify.annotations.NullMarked;
