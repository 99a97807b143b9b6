/** Settings: where a value comes from, and how it is read and refused. */
@NullMarked
package dev.caravan.config;

import org.jspecify.annotations.NullMarked;
