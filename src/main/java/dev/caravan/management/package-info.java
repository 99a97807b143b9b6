/**
 * The management port: what operators and health probes ask, separate from the port GitHub posts
 * to.
 */
@NullMarked
package dev.caravan.management;

import org.jspecify.annotations.NullMarked;
