/** Caravan receives GitHub webhooks and hands each one to Apache Camel routes, and loses none. */
@NullMarked
package dev.caravan;

import org.jspecify.annotations.NullMarked;
