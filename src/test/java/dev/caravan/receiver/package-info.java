@NullMarked
package dev.caravan.receiver;

import org.jspecify.annotations.NullMarked;
