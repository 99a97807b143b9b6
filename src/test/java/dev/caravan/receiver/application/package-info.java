/** An application of camel-main with the component, and the test of its route that docs show. */
@NullMarked
package dev.caravan.receiver.application;

import org.jspecify.annotations.NullMarked;
